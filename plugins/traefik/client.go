package traefik

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// answerBytes is how long an answer of the sidecar may be.
	answerBytes = 64 << 10
	// idleWires is how many connections are kept, idleFor for how long: half of
	// what the sidecar allows.
	idleWires = 256
	idleFor   = time.Minute
)

// client talks to one sidecar by HTTP/1.1. It is safe for concurrent use.
//
// It does so without http.Client, whose two goroutines for a connection cost
// more than the whole call: here the goroutine of the request writes the message
// with one system call and reads the answer.
type client struct {
	name    string // of the sidecar, for people
	dial    func() (net.Conn, error)
	before  string // what is sent before the address of a request's source
	after   string // and between that and the length of the message
	timeout time.Duration
	breaker breaker
	answers answers

	mu   sync.Mutex
	idle []*wire // the one used last at the end
}

// wire is a connection to the sidecar, for one call at a time.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	rest time.Time // since when it is idle
}

// newClient makes a client without any connections.
func newClient(o *options) *client {
	host := strings.TrimPrefix(strings.TrimPrefix(o.base, "http://"), "https://")
	c := &client{name: o.base, timeout: o.timeout, before: "POST /v1/inspect?source="}
	c.after = " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/http\r\n"
	if o.token != "" {
		c.after += "Authorization: Bearer " + o.token + "\r\n"
	}
	dialer := &net.Dialer{Timeout: o.timeout, KeepAlive: 30 * time.Second}
	socket := o.socket
	if socket != "" {
		c.name = "unix://" + socket
		c.dial = func() (net.Conn, error) { return dialer.Dial("unix", socket) }
	} else if strings.HasPrefix(o.base, "https://") {
		address := withPort(host, "443")
		c.dial = func() (net.Conn, error) { return tls.DialWithDialer(dialer, "tcp", address, &tls.Config{}) }
	} else {
		address := withPort(host, "80")
		c.dial = func() (net.Conn, error) { return dialer.Dial("tcp", address) }
	}
	return c
}

// withPort adds a port to a host that has none.
func withPort(host, port string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// post sends a message and returns the sidecar's answer. source is the client's
// address. A connection that the sidecar has closed while it was idle is
// replaced by a new one.
func (c *client) post(source string, message []byte) (answer, error) {
	head := c.before + url.QueryEscape(source) + c.after + "Content-Length: " + strconv.Itoa(len(message)) + "\r\n\r\n"
	text := append([]byte(head), message...)
	deadline := time.Now().Add(c.timeout)
	w := c.take()
	if w != nil {
		_ = w.conn.SetDeadline(deadline) // an error shows when it is used
		_, err := w.conn.Write(text)
		if err == nil {
			_, err = w.in.Peek(1)
		}
		if err == nil {
			return c.read(w)
		}
		_ = w.conn.Close()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return answer{}, err
		}
	}
	w, err := c.open(text, deadline)
	if err != nil {
		return answer{}, err
	}
	return c.read(w)
}

// policy returns the sidecar's policy, "" if it has none.
func (c *client) policy() (string, error) {
	deadline := time.Now().Add(c.timeout)
	w, err := c.open([]byte("GET /v1/policy"+c.after+"\r\n"), deadline)
	if err != nil {
		return "", err
	}
	defer w.conn.Close()
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return "", err
	}
	if res.StatusCode == http.StatusNotFound {
		return "", nil
	}
	if res.StatusCode != http.StatusOK {
		return "", errors.New("status " + strconv.Itoa(res.StatusCode))
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, policyBytes+1))
	return string(data), err
}

// stream begins a message that is sent in pieces.
func (c *client) stream(source string, message []byte) (*wire, error) {
	head := c.before + url.QueryEscape(source) + c.after + "Transfer-Encoding: chunked\r\n\r\n"
	return c.open(appendChunk([]byte(head), message), time.Now().Add(c.timeout))
}

// open connects and sends what a call begins with.
func (c *client) open(text []byte, deadline time.Time) (*wire, error) {
	conn, err := c.dial()
	if err != nil {
		return nil, err
	}
	w := &wire{conn: conn, in: bufio.NewReader(conn)}
	_ = conn.SetDeadline(deadline)
	_, err = conn.Write(text)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return w, nil
}

// read reads the answer to what was sent, and keeps the connection if it can be
// used again.
func (c *client) read(w *wire) (answer, error) {
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		_ = w.conn.Close()
		return answer{}, err
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, answerBytes))
	if err != nil || res.Close || len(data) == answerBytes {
		_ = w.conn.Close()
	} else {
		c.give(w)
	}
	if err != nil {
		return answer{}, err
	}
	if res.StatusCode != http.StatusOK {
		return answer{}, errors.New("status " + strconv.Itoa(res.StatusCode))
	}
	return c.answers.parse(data)
}

// take returns an idle connection, nil if there is none.
func (c *client) take() *wire {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.idle)
	if n == 0 {
		return nil
	}
	w := c.idle[n-1]
	if time.Since(w.rest) > idleFor { // and so are all others
		c.closeIdle()
		return nil
	}
	c.idle = c.idle[:n-1]
	return w
}

// give keeps a connection for the next call.
func (c *client) give(w *wire) {
	w.rest = time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.idle) >= idleWires {
		_ = w.conn.Close()
		return
	}
	c.idle = append(c.idle, w)
}

// close closes the connections that no call uses.
func (c *client) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeIdle()
}

// closeIdle is close for who holds the lock.
func (c *client) closeIdle() {
	for i := 0; i < len(c.idle); i++ {
		_ = c.idle[i].conn.Close()
	}
	c.idle = nil
}
