package kong

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// session serves one connection: commands and events, one after the other, on
// one goroutine. When an inspection hangs, that goroutine is given up and
// another session takes the connection over.
type session struct {
	*server
	conn    net.Conn
	r       *bufio.Reader
	guard   *guard
	known   atomic.Pointer[known]
	event   command
	entity  *entity
	out     []byte
	in      []byte
	headers []core.Header
}

// known is what the guard can say about an event whose goroutine does not
// answer.
type known struct {
	head    head
	verdict core.Verdict
}

// The sizes above which a buffer is not kept between events.
const (
	keepBuffer  = 64 << 10
	keepHeaders = 128
)

var (
	errProtocol = errors.New("not Kong's protocol")
	errTaken    = errors.New("another session has the connection")
)

func newSession(s *server, conn net.Conn, r *bufio.Reader) *session {
	n := &session{server: s, conn: conn, r: r}
	n.guard = newGuard(n.late)
	return n
}

// run serves until the connection ends, which Kong does at will: after an exit,
// after a minute without work, when it stops.
func (s *session) run() {
	err := s.serve()
	if errors.Is(err, errTaken) {
		return
	}
	s.conn.Close()
	s.forget(s.conn)
	if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset by peer") {
		s.log("connection dropped: " + err.Error())
	}
}

// serve returns why it ended, which is never without a reason.
func (s *session) serve() error {
	for {
		var err error
		if s.in, err = readFrame(s.r, s.in[:0], maxCommand); err != nil {
			return err
		}
		c, ok := parseCommand(message(s.in))
		if !ok {
			return fmt.Errorf("read command: %w", errProtocol)
		}
		s.busy.Add(1)
		err = s.safely(c)
		s.busy.Add(-1)
		if err != nil {
			return err
		}
	}
}

// safely is command for a defect outside the inspection: the request is refused
// and the connection given up, the process goes on.
func (s *session) safely(c command) (err error) {
	defer func() {
		if p := recover(); p != nil {
			o := outcome{action: gateway.ActionFailClosed, id: newID()}
			o.refusal = gateway.Refuse(o.action, "", o.id)
			if c.kind == cmdEvent && s.entity != nil {
				s.counters.count(o.action, faultPanic, 0)
				_ = s.write(exitCall(s.entity, &o)) // the connection is closed in any case
			}
			err = fmt.Errorf("request %s: panic: %v", o.id, p)
		}
	}()
	return s.command(c)
}

// command answers one command. An unknown instance is the one thing that only
// a closed connection can say: Kong then starts its instances anew.
func (s *session) command(c command) error {
	switch c.kind {
	case cmdStart:
		id, err := s.instances.start(c.config)
		if err != nil {
			s.log(err.Error())
		}
		return s.write(appendStatus(s.out[:0], c.sequence, s.name, id, time.Now().Unix()))
	case cmdStatus, cmdClose:
		if c.kind == cmdClose {
			s.instances.close(c.instance)
		}
		return s.write(appendStatus(s.out[:0], c.sequence, s.name, c.instance, s.started.Unix()))
	case cmdEvent:
		p := s.instances.find(c.instance)
		if p == nil {
			return fmt.Errorf("no plugin instance %d, Kong will start it again", c.instance)
		}
		if c.text != "access" || p.Mode == gateway.Off && p.rules.Load().fault == "" {
			return s.write(appendDone(s.out[:0], c.sequence))
		}
		s.event, s.entity = c, p
		return s.access()
	}
	return fmt.Errorf("command %d: %w", c.kind, errProtocol)
}

// write writes what was appended to the session's buffer.
func (s *session) write(out []byte) error {
	s.out = out[:0]
	if cap(s.out) > keepBuffer {
		s.out = nil
	}
	_, err := s.conn.Write(out)
	return err
}

// answer ends the event as the verdict demands.
func (s *session) answer(x *exchange) error {
	o := x.decide()
	if o.action.Refuses() {
		// Kong sends no reply and drops the connection; the read that follows
		// notices. To close it first would make Kong repeat the event.
		return s.write(exitCall(s.entity, &o))
	}
	out := s.out[:0]
	if o.sets {
		id := appendKV(nil, s.entity.RequestIDHeader, o.id)
		out = appendCall(appendCall(out, pdkForwardID, id), pdkSetHeader, id)
	}
	if err := s.write(appendDone(out, s.event.sequence)); err != nil {
		return err
	}
	if o.sets {
		return skipFrames(s.r, 2)
	}
	return nil
}

// late answers an event whose time is up. An inspection that hangs keeps its
// goroutine and its buffers until it ends, if ever; the connection goes on.
func (s *session) late(from int32) {
	x := s.begin(s.entity)
	if k := s.known.Load(); k != nil {
		x.head, x.verdict = k.head, k.verdict
	}
	x.fail(faultTimeout)
	if from == stateJudging {
		s.counters.hung.Add(1)
		<-s.slots
	}
	o := x.decide()
	next := newSession(s.server, s.conn, s.r)
	var err error
	if o.action.Refuses() {
		err = next.write(exitCall(s.entity, &o))
	} else {
		err = next.write(appendDone(nil, s.event.sequence))
	}
	if err != nil {
		s.conn.Close()
	}
	if from != stateJudging {
		return // its goroutine takes the replies that are still to come, and goes on
	}
	next.run()
}

// exitCall is the call that makes Kong answer the client.
func exitCall(p *entity, o *outcome) []byte {
	return appendCall(nil, pdkExit, appendExit(nil, o.refusal, p.RequestIDHeader, o.id))
}
