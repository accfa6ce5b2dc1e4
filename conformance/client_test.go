package conformance

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
)

// serve takes one connection, reads that many bytes, answers and returns what it
// was sent.
func serve(t *testing.T, read int, answer func(conn net.Conn)) (address string, got <-chan []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	sent := make(chan []byte, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		all := make([]byte, read)
		n, _ := io.ReadFull(conn, all) // what is missing shows in all
		sent <- all[:n]
		answer(conn)
		_, _ = io.Copy(io.Discard, conn) // until the client hangs up
		conn.Close()
	}()
	return l.Addr().String(), sent
}

func TestExchangeIsExact(t *testing.T) {
	const raw = "gEt /a b\tc HTTP/7.7\nHost:\x00\r\n\r\nrest"
	address, got := serve(t, len(raw), func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")
	})
	a, err := HTTP(address, NewEvents()).Exchange(t.Context(), &Message{ID: "x", Raw: []byte(raw), Writes: []int{1, 5}})
	if err != nil || a.Status != 400 || string(a.Body) != "no" {
		t.Errorf("%+v, %v", a, err)
	}
	if sent := string(<-got); sent != raw {
		t.Errorf("sent %q", sent)
	}
}

func TestExchangeHangUp(t *testing.T) {
	address, _ := serve(t, 0, func(conn net.Conn) { conn.Close() })
	a, err := HTTP(address, NewEvents()).Exchange(t.Context(), &Message{Raw: []byte("GET / HTTP/1.1\r\n\r\n")})
	if err != nil || a.Status != 0 {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestExchangeNoAnswer(t *testing.T) {
	address, _ := serve(t, 0, func(net.Conn) {})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := HTTP(address, NewEvents()).Exchange(ctx, &Message{Raw: []byte("GET / HTTP/1.1\r\n\r\n")}); err == nil {
		t.Error("no answer is an answer")
	}
}

// TestBackend: both protocols arrive exactly, trailers too.
func TestBackend(t *testing.T) {
	backend, err := NewBackend("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	in := HTTP(backend.Address(), NewEvents())
	for i, http2 := range []bool{false, true} {
		r := core.Request{Method: "POST", URI: "/%41//b?x=%zz&y", Body: []byte("blue shirt"),
			Headers: []core.Header{{Name: "X-Tag", Value: "1"}, {Name: "x-tag", Value: "2"}}, Trailers: []core.Header{{Name: "X-Sum", Value: "3"}}}
		m := newMessage([]string{"conf-backend-1", "conf-backend-2"}[i], r, chunked{3})
		m.HTTP2 = http2
		if a, err := in.Exchange(t.Context(), m); err != nil || a.Status != 200 {
			t.Fatalf("%+v, %v", a, err)
		}
		seen, ok := backend.Seen(m.ID)
		if !ok {
			t.Fatal("the backend saw nothing")
		}
		if d := seen.differs(m.Request, ""); d != "" {
			t.Errorf("http2 %v: %s", http2, d)
		}
		if want := []string{"HTTP/1.1", "HTTP/2.0"}[i]; seen.Proto != want {
			t.Errorf("protocol %s, want %s", seen.Proto, want)
		}
		if _, again := backend.Seen(m.ID); again {
			t.Error("the backend does not forget")
		}
	}
}
