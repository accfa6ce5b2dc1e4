package traefik

import (
	"bytes"
	"context"
	"io"
	"net/http"
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
	message []byte // the head
	first   []byte // the first block of the body
	chunked bool
	room    int64 // body bytes that may still be inspected
	skipped int64 // body bytes beyond that, where the sidecar cannot know
	pipe    *io.PipeWriter
	cancel  context.CancelFunc
	result  chan outcome
	over    bool // the breaker knows how it went
	verdict core.Verdict
	source  string // the client's address as Traefik sees it
	rules   *rules
	local   *embedded // stands in after a failure
}

// outcome is how a call went.
type outcome struct {
	answer answer
	err    error
}

func newRemote(p *plugin, r *http.Request, in *rules) *remote {
	return &remote{p: p, r: r, client: p.shared.client, room: p.settings.MaxBodyBytes, source: hostOnly(r.RemoteAddr), rules: in}
}

func (s *remote) name() string {
	if s.local != nil {
		return s.local.name()
	}
	return remoteName
}

func (s *remote) head(r *http.Request) (core.Verdict, string) {
	message, chunked := appendHead(make([]byte, 0, 2<<10), r)
	s.message = message
	s.chunked = chunked
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
	if s.pipe == nil {
		if len(s.first)+len(p) <= blockBytes+1 {
			s.first = append(s.first, p...)
			return s.verdict, ""
		}
		s.stream()
	}
	return s.send(s.framed(nil, p), false)
}

// framed appends a piece of the body as the message has it.
func (s *remote) framed(dst, p []byte) []byte {
	if s.chunked {
		return appendChunk(dst, p)
	}
	return append(dst, p...)
}

// stream begins to send the message as it comes.
func (s *remote) stream() {
	ctx, cancel := context.WithCancel(s.r.Context())
	s.cancel = cancel
	reader, writer := io.Pipe()
	s.pipe = writer
	s.result = make(chan outcome, 1)
	head := bytes.NewReader(s.framed(s.message, s.first))
	go s.post(ctx, io.MultiReader(head, reader), reader)
}

// post is the goroutine of a streamed message. It ends with the call, which
// ends with the request's context or s.cancel at the latest.
func (s *remote) post(ctx context.Context, message io.Reader, reader *io.PipeReader) {
	a, err := s.client.post(ctx, s.source, message, -1)
	_ = reader.Close()
	done := outcome{a, err}
	s.result <- done
}

// send writes to the stream, for no longer than the timeout; last ends it and
// waits for the verdict.
func (s *remote) send(b []byte, last bool) (core.Verdict, string) {
	timer := time.AfterFunc(s.client.timeout, s.cancel)
	defer timer.Stop()
	if len(b) > 0 {
		if _, err := s.pipe.Write(b); err != nil {
			// the sidecar has answered early, or not at all
			return s.settle(<-s.result)
		}
	}
	if !last {
		return s.verdict, ""
	}
	_ = s.pipe.Close()
	return s.settle(<-s.result)
}

func (s *remote) end(trailer http.Header) (core.Verdict, string) {
	if s.local != nil {
		return s.local.end(trailer)
	}
	if s.over {
		return s.verdict, ""
	}
	if s.pipe != nil {
		if s.chunked {
			return s.send(appendEnd(nil, trailer), true)
		}
		return s.send(nil, true)
	}
	message := s.message
	if len(s.first) > 0 {
		message = s.framed(message, s.first)
	}
	if s.chunked {
		message = appendEnd(message, trailer)
	}
	ctx, cancel := context.WithTimeout(s.r.Context(), s.client.timeout)
	a, err := s.client.post(ctx, s.source, bytes.NewReader(message), int64(len(message)))
	cancel()
	v, fault := s.settle(outcome{a, err})
	if fault == "" || s.rules.engine == nil || !s.p.auto {
		return v, fault
	}
	return s.standIn(trailer)
}

// standIn has the embedded engine judge what was to be sent.
func (s *remote) standIn(trailer http.Header) (core.Verdict, string) {
	s.local = newEmbedded(s.rules.engine, s.rules.client(s.r))
	_, _ = s.local.head(s.r)
	if len(s.first) > 0 {
		_, _ = s.local.body(s.first)
	}
	return s.local.end(trailer)
}

// settle takes the sidecar's answer.
func (s *remote) settle(o outcome) (core.Verdict, string) {
	s.over = true
	b := &s.client.breaker
	if o.err != nil {
		if s.r.Context().Err() != nil {
			b.cancel() // the client left; that says nothing about the sidecar
			return s.verdict, faultBody
		}
		if b.done(false, time.Now()) {
			complain("sidecar " + s.client.url + " does not answer: " + o.err.Error())
		}
		return s.verdict, faultSidecar
	}
	if b.done(true, time.Now()) {
		complain("sidecar " + s.client.url + " answers again")
	}
	s.p.shared.compare(s.rules, o.answer.Policy)
	level, _ := core.ParseConfidence(s.p.settings.Confidence)
	s.verdict = o.answer.verdict(level)
	s.verdict.Uninspected += s.skipped
	return s.verdict, o.answer.Fault
}

func (s *remote) close() {
	if s.local != nil {
		s.local.close()
	}
	if s.cancel != nil {
		s.cancel()
	}
	if !s.over {
		s.client.breaker.cancel()
	}
}
