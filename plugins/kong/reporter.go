package kong

import (
	"io"
	"sync"
	"time"
)

// reporter writes lines to Kong's log or a file on a goroutine of its own. A
// log that stands still must not hold requests up: beyond queueLines waiting
// lines new ones are dropped and counted.
type reporter struct {
	lines   chan []byte
	quit    chan struct{}
	done    chan struct{}
	stop    sync.Once
	counted *counters
}

// queueLines bounds the lines that wait, at less than 4 KiB each.
const queueLines = 2048

func newReporter(w io.Writer, c *counters) *reporter {
	r := &reporter{lines: make(chan []byte, queueLines), quit: make(chan struct{}), done: make(chan struct{}), counted: c}
	go r.run(w)
	return r
}

// run writes until close, and the counters every minute in which they changed.
func (r *reporter) run(w io.Writer) {
	defer close(r.done)
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	last := int64(0)
	for {
		select {
		case line := <-r.lines:
			r.write(w, line)
		case <-r.quit:
			for len(r.lines) > 0 {
				r.write(w, <-r.lines)
			}
			r.count(w, &last)
			return
		case <-minute.C:
			r.count(w, &last)
		}
	}
}

func (r *reporter) write(w io.Writer, line []byte) {
	if _, err := w.Write(line); err != nil {
		r.counted.dropped.Add(1)
	}
}

func (r *reporter) count(w io.Writer, last *int64) {
	if n := r.counted.total(); n != *last {
		*last = n
		r.write(w, append(r.counted.append(nil, stamp()), '\n'))
	}
}

// line queues a line; it is the reporter's from now on.
func (r *reporter) line(b []byte) {
	select {
	case r.lines <- append(b, '\n'):
	default:
		r.counted.dropped.Add(1)
	}
}

// close writes what waits, for a second at most. Later lines are lost.
func (r *reporter) close() {
	r.stop.Do(func() { close(r.quit) })
	select {
	case <-r.done:
	case <-time.After(time.Second):
	}
}

// stamp is the time as events have it.
func stamp() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00") }
