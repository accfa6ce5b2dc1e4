package proxy

import (
	"io"
	"net/http"
	"time"
)

// patient reads the client's body directly and gives up on a client that sends
// nothing for the given time.
type patient struct {
	body io.Reader
	conn *http.ResponseController
	idle time.Duration
}

// read implements source; wait is not needed because nothing that is read this
// way depends on an answer. Deadlines that the connection does not support are
// not an error: the server has others.
func (s patient) read(p []byte, _ time.Duration) (int, error) {
	_ = s.conn.SetReadDeadline(time.Now().Add(s.idle))
	n, err := s.body.Read(p)
	if err == io.EOF {
		_ = s.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// pump reads a body whose client may wait for an answer, on a goroutine of its
// own, so that the gate can stop waiting. The goroutine ends with the body or
// when stop is closed; net/http lets a Read that is in flight then return.
type pump struct {
	pieces chan []byte
	free   chan []byte
	err    error // set before pieces is closed
	rest   []byte
	piece  []byte
	stop   chan struct{}
}

func newPump(body io.Reader) *pump {
	s := &pump{pieces: make(chan []byte), free: make(chan []byte, 2), stop: make(chan struct{})}
	s.free <- make([]byte, blockBytes/2)
	s.free <- make([]byte, blockBytes/2)
	go s.run(body)
	return s
}

func (s *pump) run(body io.Reader) {
	defer close(s.pieces)
	for {
		select {
		case <-s.stop:
			s.err = errClosed
			return
		case buf := <-s.free:
			n, err := body.Read(buf)
			if n > 0 {
				select {
				case s.pieces <- buf[:n]:
				case <-s.stop:
				}
			} else {
				s.free <- buf
			}
			if err != nil {
				s.err = err
				return
			}
		}
	}
}

// read implements source.
func (s *pump) read(p []byte, wait time.Duration) (int, error) {
	if len(s.rest) == 0 {
		var expired <-chan time.Time
		if wait > 0 {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			expired = timer.C
		}
		if s.piece != nil {
			s.free <- s.piece[:cap(s.piece)]
			s.piece = nil
		}
		select {
		case piece, ok := <-s.pieces:
			if !ok {
				return 0, s.err
			}
			s.piece, s.rest = piece, piece
		case <-s.stop:
			return 0, errClosed
		case <-expired:
			return 0, nil
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}
