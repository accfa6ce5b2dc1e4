package traefik

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core"
)

const remoteName = "traefik/sidecar"

// remote is a session with the sidecar. A request whose body fits in one block
// is sent whole, with one call. A longer body is sent as it comes, so that
// memory does not depend on it, and its last block waits for the verdict.
type remote struct {
	p       *plugin
	r       *http.Request
	client  *client
	message *bytes.Buffer // the head
	first   []byte        // the first block of the body
	chunked bool
	room    int64 // body bytes that may still be inspected
	skipped int64 // body bytes beyond that, where the sidecar cannot know
	wire    *wire // takes the message in pieces
	over    bool  // the breaker knows how it went
	verdict core.Verdict
	source  string // the client's address as Traefik sees it
	rules   *rules
	local   *embedded // stands in after a failure
	told    *heard    // the sidecar's answer, if it was asked before
}

// messages holds buffers for messages.
var messages = sync.Pool{New: newMessage}

func newMessage() interface{} { return new(bytes.Buffer) }

func newRemote(p *plugin, r *http.Request, in *rules, told *heard) *remote {
	return &remote{p: p, r: r, client: p.shared.client, room: p.settings.MaxBodyBytes, source: hostOnly(r.RemoteAddr), rules: in, told: told}
}

func (s *remote) name() string {
	if s.local != nil {
		return s.local.name()
	}
	return remoteName
}

func (s *remote) head(r *http.Request) (core.Verdict, string) {
	message, _ := messages.Get().(*bytes.Buffer)
	message.Reset()
	s.chunked = writeHead(message, r)
	s.message = message
	return s.verdict, ""
}

func (s *remote) body(p []byte) (core.Verdict, string) {
	if s.local != nil {
		return s.local.body(p)
	}
	if s.over { // answered before the end: it has seen enough
		return s.verdict, ""
	}
	if int64(len(p)) > s.room {
		if s.chunked || s.r.ContentLength < 0 {
			s.skipped += int64(len(p)) - s.room
		}
		p = p[:s.room]
	}
	s.room -= int64(len(p))
	if len(p) == 0 {
		return s.verdict, ""
	}
	if s.wire == nil {
		if len(s.first)+len(p) <= blockBytes+1 {
			s.first = append(s.first, p...)
			return s.verdict, ""
		}
		w, err := s.client.stream(s.source, s.framed(s.message.Bytes(), s.first))
		if err != nil {
			return s.settle(answer{}, err)
		}
		s.wire = w
	}
	return s.send(appendChunk(nil, s.framed(nil, p)))
}

// framed appends a piece of the body as the message has it.
func (s *remote) framed(dst, p []byte) []byte {
	if s.chunked {
		return appendChunk(dst, p)
	}
	return append(dst, p...)
}

// send writes to the stream. Where that is not possible, the sidecar has answered
// before the end, or not at all.
func (s *remote) send(b []byte) (core.Verdict, string) {
	_ = s.wire.conn.SetDeadline(time.Now().Add(s.client.timeout))
	if _, err := s.wire.conn.Write(b); err != nil {
		return s.settle(s.hear())
	}
	return s.verdict, ""
}

// hear reads the answer to the stream.
func (s *remote) hear() (answer, error) {
	w := s.wire
	s.wire = nil
	return s.client.read(w)
}

func (s *remote) end(trailer http.Header) (core.Verdict, string) {
	if s.local != nil {
		return s.local.end(trailer)
	}
	if s.over {
		return s.verdict, ""
	}
	if s.wire != nil {
		return s.last(trailer)
	}
	v, fault := s.settle(s.ask(trailer))
	if fault == "" || s.rules.engine == nil || !s.p.auto {
		return v, fault
	}
	return s.standIn(trailer)
}

// ask sends a message that is short, unless that was done before.
func (s *remote) ask(trailer http.Header) (answer, error) {
	if s.told != nil {
		return s.told.answer, s.told.err
	}
	message := s.message.Bytes()
	if len(s.first) > 0 {
		message = s.framed(message, s.first)
	}
	if s.chunked {
		message = appendEnd(message, trailer)
	}
	return s.client.post(s.source, message)
}

// last ends the stream and waits for the verdict.
func (s *remote) last(trailer http.Header) (core.Verdict, string) {
	var end []byte
	if s.chunked {
		end = appendChunk(end, appendEnd(nil, trailer))
	}
	v, fault := s.send(appendEnd(end, nil))
	if s.over {
		return v, fault
	}
	return s.settle(s.hear())
}

// standIn has the embedded engine judge what was to be sent.
func (s *remote) standIn(trailer http.Header) (core.Verdict, string) {
	s.local = newEmbedded(s.rules.engine, s.rules.client(s.r), s.p.aside)
	_, _ = s.local.head(s.r)
	if len(s.first) > 0 {
		_, _ = s.local.body(s.first)
	}
	return s.local.end(trailer)
}

// settle takes the sidecar's answer.
func (s *remote) settle(a answer, err error) (core.Verdict, string) {
	s.over = true
	b := &s.client.breaker
	if err != nil {
		if s.r.Context().Err() != nil {
			b.cancel() // the client left; that says nothing about the sidecar
			return s.verdict, faultBody
		}
		if b.done(false, time.Now()) {
			complain("sidecar " + s.client.name + " does not answer: " + err.Error())
		}
		return s.verdict, faultSidecar
	}
	if b.done(true, time.Now()) {
		complain("sidecar " + s.client.name + " answers again")
	}
	s.p.shared.compare(s.rules, a.Policy)
	level, _ := core.ParseConfidence(s.p.settings.Confidence)
	s.verdict = a.verdict(level)
	s.verdict.Uninspected += s.skipped
	return s.verdict, a.Fault
}

func (s *remote) close() {
	if s.local != nil {
		s.local.close()
	}
	if s.wire != nil {
		_ = s.wire.conn.Close()
	}
	if s.message != nil {
		messages.Put(s.message)
		s.message = nil
	}
	if !s.over {
		s.client.breaker.cancel()
	}
}
