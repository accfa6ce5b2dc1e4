package traefik

import (
	"bytes"
	"net/http"
	"sync/atomic"
	"time"
)

// mirrored is how many requests wait to be shown to the sidecar at most.
const mirrored = 64

// mirror shows a sample of the requests that the embedded engine inspects to the
// sidecar, which observes them as it does its own: observing each value is too
// dear for the interpreter. No request waits for it; what finds no room, or no
// sidecar, is dropped and counted.
type mirror struct {
	client  *client
	every   uint32
	seen    uint32
	dropped uint32
	queue   chan shown
}

// shown is a request on its way to the sidecar.
type shown struct {
	source  string
	message []byte
}

func newMirror(c *client, every uint32) *mirror {
	return &mirror{client: c, every: every, queue: make(chan shown, mirrored)}
}

// offer takes every n-th request, with its body if that is held anyway.
func (m *mirror) offer(r *http.Request, holds bool) {
	if atomic.AddUint32(&m.seen, 1)%m.every != 0 {
		return
	}
	if len(m.queue) == mirrored {
		m.drop()
		return
	}
	defer func() {
		if recover() != nil {
			m.drop()
		}
	}()
	var body []byte
	if holds && r.Body != nil && r.Body != http.NoBody && len(r.Trailer) == 0 && !isStream(r.Header.Get("Content-Type")) {
		body = whole(r)
	}
	message := new(bytes.Buffer)
	chunked := writeHead(message, r)
	text := message.Bytes()
	if len(body) > 0 && !chunked {
		text = append(text, body...)
	}
	s := shown{source: hostOnly(r.RemoteAddr), message: text}
	select {
	case m.queue <- s:
	default:
		m.drop()
	}
}

// drop counts a request that is not shown, and says so now and then.
func (m *mirror) drop() {
	if atomic.AddUint32(&m.dropped, 1)%1000 == 1 {
		complain("requests are not shown to the sidecar " + m.client.name + ": it is away or too slow")
	}
}

// run shows requests until done is closed.
func (m *mirror) run(done chan struct{}) {
	for {
		select {
		case <-done:
			return
		case s := <-m.queue:
			m.show(s)
		}
	}
}

func (m *mirror) show(s shown) {
	b := &m.client.breaker
	if !b.allow(time.Now()) {
		m.drop()
		return
	}
	_, err := m.client.post(s.source, s.message)
	b.done(err == nil, time.Now())
	if err != nil {
		m.drop()
	}
}
