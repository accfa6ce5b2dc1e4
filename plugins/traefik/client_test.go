package traefik

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

const honest = `{"action":"pass","confidence":"none","score":0,"family":"none","location":"","window":"","uninspected_bytes":0,"model":"m 1.0.0","request_id":"4f","truncated":false}`

// peer answers as a sidecar does and notes what it was shown.
type peer struct {
	mu    sync.Mutex
	shown []string // one for each call
	conns int
	say   string
	code  int
	wait  chan struct{} // answers wait for it, if there is one
	rules string        // the policy, "" for none
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1/policy" {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.rules == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write([]byte(p.rules))
		return
	}
	b, _ := io.ReadAll(r.Body)
	if p.wait != nil {
		<-p.wait
	}
	p.mu.Lock()
	p.shown = append(p.shown, r.URL.Query().Get("source")+" "+r.Header.Get("Authorization")+"\n"+string(b))
	say, code := p.say, p.code
	p.mu.Unlock()
	w.WriteHeader(code)
	_, _ = w.Write([]byte(say))
}

// count counts connections.
func (p *peer) count(_ net.Conn, state http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if state == http.StateNew {
		p.conns++
	}
}

// serve starts a peer and makes a client of it.
func serve(t *testing.T, timeout time.Duration) (*peer, *httptest.Server, *client) {
	p := &peer{say: honest, code: 200}
	s := httptest.NewUnstartedServer(p)
	s.Config.ConnState = p.count
	s.Start()
	return p, s, newClient(&options{base: s.URL, token: "t", timeout: timeout})
}

// TestClient: connections are used again, and replaced when the sidecar has
// closed them.
func TestClient(t *testing.T) {
	p, s, c := serve(t, 10*time.Second)
	defer s.Close()
	for i := 0; i < 3; i++ {
		a, err := c.post("2001:db8::7", []byte("GET / HTTP/1.1\r\n\r\n"))
		if err != nil || a.Confidence != "none" || a.Model != "m 1.0.0" {
			t.Fatalf("%+v %v", a, err)
		}
	}
	if p.conns != 1 || p.shown[2] != "2001:db8::7 Bearer t\nGET / HTTP/1.1\r\n\r\n" {
		t.Errorf("%d connections, shown %q", p.conns, p.shown)
	}
	s.CloseClientConnections()
	if _, err := c.post("", []byte("x")); err != nil {
		t.Errorf("behind a connection that was closed: %v", err)
	}
	c.close()
	if len(c.idle) != 0 {
		t.Errorf("%d connections stay", len(c.idle))
	}
	p.code = 503
	if _, err := c.post("", []byte("x")); err == nil || err.Error() != "status 503" {
		t.Errorf("status 503: %v", err)
	}
	p.code = 200
	p.say = strings.Repeat(" ", answerBytes+1)
	if _, err := c.post("", []byte("x")); err == nil {
		t.Error("an answer without end is taken")
	}
}

// TestClientTimeout: nobody waits longer than the timeout.
func TestClientTimeout(t *testing.T) {
	p, s, c := serve(t, 50*time.Millisecond)
	defer s.Close()
	p.wait = make(chan struct{})
	defer close(p.wait)
	if _, err := c.post("", []byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if len(c.idle) != 0 {
		t.Error("a connection with an answer still to come is kept")
	}
}

// TestAsk: requests are shown to the sidecar once, whether they pass or not, and
// long bodies in pieces that make up the whole.
func TestAsk(t *testing.T) {
	p, s, c := serve(t, time.Second)
	defer s.Close()
	defer c.close()
	config := Config{Engine: "sidecar", Sidecar: s.URL, SidecarTimeout: "10s"}
	long := strings.Repeat("a page of honest words\n", 5000)
	for _, body := range []string{"", "honest words", long} {
		p.shown = nil
		w, got, reached := through(t, config, "POST", "/a", body)
		if w.Code != 200 || !reached || got != body || len(p.shown) != 1 || !strings.HasSuffix(p.shown[0], "\r\n\r\n"+body) {
			t.Errorf("%d bytes: %d, %d calls, upstream read %d", len(body), w.Code, len(p.shown), len(got))
		}
	}
	p.say = strings.Replace(honest, `"none"`, `"critical"`, 1)
	for _, body := range []string{"", "hostile words"} {
		p.shown = nil
		if w, _, reached := through(t, config, "POST", "/a", body); w.Code != 403 || reached || len(p.shown) != 1 {
			t.Errorf("%q: %d, %d calls", body, w.Code, len(p.shown))
		}
	}
	p.say = strings.Replace(honest, `}`, `,"fault":"panic"}`, 1)
	config.FailMode = "closed"
	p.shown = nil
	if w, _, _ := through(t, config, "GET", "/a", ""); w.Code != 503 || len(p.shown) != 1 {
		t.Errorf("a fault: %d, %d calls", w.Code, len(p.shown))
	}
}
