package events

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
)

// receiver is a syslog server: it takes messages apart as RFC 5425 and 5426
// frame them.
type receiver struct {
	address string
	mu      sync.Mutex
	got     []string
	bad     error
	conns   []net.Conn
}

func (r *receiver) add(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, message)
}

func (r *receiver) messages() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

// hangUp closes every connection, as a restart does.
func (r *receiver) hangUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		c.Close()
	}
	r.conns = nil
}

func listenUDP(t *testing.T) *receiver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	r := &receiver{address: conn.LocalAddr().String()}
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, _, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			r.add(string(buf[:n]))
		}
	}()
	return r
}

// listenTCP takes connections, with TLS if there is a configuration.
func listenTCP(t *testing.T, secure *tls.Config) *receiver {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{address: l.Addr().String()}
	t.Cleanup(func() { l.Close(); r.hangUp() })
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.conns = append(r.conns, conn)
			r.mu.Unlock()
			go r.read(conn)
		}
	}()
	return r
}

// read takes octet-counted frames until the connection ends.
func (r *receiver) read(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		message, err := frame(in)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				r.mu.Lock()
				r.bad = err
				r.mu.Unlock()
			}
			return
		}
		r.add(message)
	}
}

func frame(in *bufio.Reader) (string, error) {
	count, err := in.ReadString(' ')
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(count[:len(count)-1])
	if err != nil {
		return "", fmt.Errorf("no count: %w", err)
	}
	message := make([]byte, n)
	_, err = io.ReadFull(in, message)
	return string(message), err
}
