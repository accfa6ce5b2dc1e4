package kong

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/gateway"
)

// blocked is a log that stands still until it is opened.
type blocked struct {
	open chan struct{}
	events
}

func (b *blocked) Write(p []byte) (int, error) {
	<-b.open
	return b.events.Write(p)
}

// TestReporterDropsInsteadOfWaiting: a log that stands still holds nobody up.
func TestReporterDropsInsteadOfWaiting(t *testing.T) {
	log, c := &blocked{open: make(chan struct{})}, &counters{}
	r := newReporter(log, c)
	const n = queueLines + 500
	for range n {
		r.line([]byte("{}"))
	}
	dropped := c.dropped.Load()
	if dropped < n-queueLines-1 || dropped > n-queueLines {
		t.Errorf("%d lines dropped", dropped)
	}
	c.count(gateway.ActionFailOpen, faultPanic, 7)
	close(log.open)
	r.close()
	text := log.String()
	if got := strings.Count(text, "{}\n"); int64(got) != n-dropped {
		t.Errorf("%d lines written, %d dropped of %d", got, dropped, n)
	}
	for _, want := range []string{`"glacis.requests.fail_open":1`, `"glacis.faults.panic":1`, `"glacis.uninspected_bytes":7`, `"glacis.requests.pass":0`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the counters", want)
		}
	}
	r.line([]byte("{}")) // after the end: no panic
}
