package inspection

import (
	"io"

	"github.com/prometheus/client_golang/prometheus"
)

// sinkLines is how many events may wait for the writer.
const sinkLines = 4096

// sink hands lines to a writer on one goroutine, so that a log that stands
// still stops no request.
type sink struct {
	lines   chan []byte
	done    chan struct{}
	dropped prometheus.Counter
}

func newSink(w io.Writer, dropped prometheus.Counter) *sink {
	s := &sink{lines: make(chan []byte, sinkLines), done: make(chan struct{}), dropped: dropped}
	go func() {
		defer close(s.done)
		for line := range s.lines {
			if _, err := w.Write(line); err != nil {
				dropped.Inc()
			}
		}
	}()
	return s
}

func (s *sink) send(line []byte) {
	select {
	case s.lines <- line:
	default:
		s.dropped.Inc()
	}
}

// close writes what waits; nothing may be sent afterwards.
func (s *sink) close() {
	close(s.lines)
	<-s.done
}
