package inspection

import (
	"io"
	"log/slog"

	"github.com/glacis-waf/glacis/events"
)

// sink hands lines to where events go; it never waits.
type sink struct {
	outputs *events.Outputs
	own     bool // to be closed with the service
}

// newSink puts a queue before a writer that may make one wait.
func newSink(w io.Writer, m *Metrics, log *slog.Logger) *sink {
	outputs, ok := w.(*events.Outputs)
	if !ok {
		outputs = events.To(w, log)
	}
	m.Sinks(outputs.Stats)
	return &sink{outputs, !ok}
}

func (s *sink) send(line []byte) { s.outputs.Send(line) }

// close writes what waits, if the queue is ours.
func (s *sink) close() {
	if s.own {
		_ = s.outputs.Close() // a writer that is not ours cannot fail to close
	}
}
