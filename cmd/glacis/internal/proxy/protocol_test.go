package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// h2c is a client that speaks HTTP/2 without TLS and nothing else.
func h2c() *http.Client {
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: p}}
}

func TestH2C(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }, func(c *Config) { c.Upstream.Scheme = "h2c" })
	for target, want := range map[string]int{"/": 200, "/?q=EVIL": 403} {
		res, err := h2c().Post(r.url+target, "text/plain", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != want || res.Proto != "HTTP/2.0" || want == 200 && string(body) != "HTTP/2.0" {
			t.Errorf("%s: %s %s, upstream spoke %q", target, res.Proto, res.Status, body)
		}
	}
}

func TestHTTP2OverTLS(t *testing.T) {
	r := newRig(t, echo, nil)
	front := httptest.NewUnstartedServer(r.proxy)
	front.EnableHTTP2 = true
	front.StartTLS()
	defer front.Close()
	for body, want := range map[string]int{"fine": 200, "EVIL": 403, strings.Repeat("z", 9*blockBytes): 200, strings.Repeat("z", 9*blockBytes) + "EVIL": 403} {
		res, err := front.Client().Post(front.URL, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != want || res.ProtoMajor != 2 {
			t.Errorf("%d bytes: %s %s", len(body), res.Proto, res.Status)
		}
	}
}

func TestHTTPSUpstream(t *testing.T) {
	back := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, r.Header.Get("X-Forwarded-Proto"))
	}))
	back.EnableHTTP2 = true
	back.StartTLS()
	defer back.Close()
	r := newRig(t, echo, func(c *Config) { c.Upstream.Scheme, c.Upstream.Host = "https", back.Listener.Addr().String() })
	transport := r.proxy.forward.Transport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: back.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
	if _, got := r.wantStatus(200, "GET", "/", ""); got != "HTTP/2.0http" {
		t.Errorf("upstream spoke %q", got)
	}
}

// upgrade is an upstream that turns the connection into an echo.
func upgrade(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "websocket" {
		w.WriteHeader(http.StatusUpgradeRequired)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	io.Copy(conn, rw)
}

const handshake = "GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

func TestWebSocket(t *testing.T) {
	r := newRig(t, upgrade, nil)
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, handshake, "/socket")
	in := bufio.NewReader(conn)
	res, err := http.ReadResponse(in, nil)
	if err != nil || res.StatusCode != 101 || res.Header.Get("Sec-WebSocket-Accept") == "" {
		t.Fatalf("%v, %v", res, err)
	}
	for _, frame := range []string{"\x81\x85\x00\x00\x00\x00hello", "\x82\x84\x00\x00\x00\x00EVIL"} {
		got := make([]byte, len(frame))
		io.WriteString(conn, frame)
		if _, err := io.ReadFull(in, got); err != nil || string(got) != frame {
			t.Errorf("frame %q came back as %q, %v", frame, got, err)
		}
	}
	// The record is written when the connection is upgraded, not when it ends.
	eventually(t, "logged", func() bool { return strings.Contains(r.logged.String(), `"status":101`) })
}

func TestUpgradesAreInspected(t *testing.T) {
	r := newRig(t, upgrade, nil)
	if got := r.raw(fmt.Sprintf(strings.Replace(handshake, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1), "/?EVIL")); !strings.HasPrefix(got, "HTTP/1.1 403 ") {
		t.Errorf("%q", got)
	}
	// The claim to be an upgrade exempts no body.
	body := strings.Replace(strings.Replace(handshake, "GET", "POST", 1), "\r\n\r\n", "\r\nConnection: close\r\nContent-Length: 4\r\n\r\nEVIL", 1)
	if got := r.raw(fmt.Sprintf(body, "/")); !strings.HasPrefix(got, "HTTP/1.1 403 ") || r.hits() != 0 {
		t.Errorf("%q, %d hits", got, r.hits())
	}
}

// Each event is sent only after the client has read the one before it: a proxy
// that holds events back would hang here.
func TestServerSentEvents(t *testing.T) {
	seen := make(chan struct{})
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for i := range 5 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			w.(http.Flusher).Flush()
			<-seen
		}
	}, nil)
	for _, client := range []*http.Client{http.DefaultClient, h2c()} {
		res, err := client.Get(r.url)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(res.Body)
		for i := range 5 {
			if line, err := in.ReadString('\n'); err != nil || line != fmt.Sprintf("data: %d\n", i) {
				t.Fatalf("event %d: %q, %v", i, line, err)
			}
			in.ReadString('\n')
			seen <- struct{}{}
		}
		res.Body.Close()
	}
}

// A conversation: the client sends its next message only after the answer to
// the one before it, all within one request.
func TestBidirectionalStream(t *testing.T) {
	for _, mode := range []Mode{Prevent, Detect} {
		r := newRig(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			in := bufio.NewReader(r.Body)
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				fmt.Fprint(w, "re: ", line)
				w.(http.Flusher).Flush()
			}
		}, func(c *Config) { c.Upstream.Scheme, c.Mode, c.StreamHold = "h2c", mode, time.Millisecond })
		pr, pw := io.Pipe()
		go io.WriteString(pw, "0\n")
		res, err := h2c().Post(r.url, "application/grpc+proto", pr)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(res.Body)
		for i := range 4 {
			if line, err := in.ReadString('\n'); err != nil || line != fmt.Sprintf("re: %d\n", i) {
				t.Fatalf("%s, answer %d: %q, %v", mode, i, line, err)
			}
			fmt.Fprintf(pw, "%d\n", i+1)
		}
		pw.Close()
		io.Copy(io.Discard, in)
		res.Body.Close()
	}
}

// A stream that is over within StreamHold is judged before the upstream is
// asked, like any other small body.
func TestSmallStreamIsJudgedFirst(t *testing.T) {
	r := newRig(t, echo, func(c *Config) { c.StreamHold = time.Minute })
	r.wantStatus(403, "POST", "/", "\x00\x00\x00\x00\x04EVIL", "Content-Type", "application/grpc")
	r.wantStatus(403, "POST", "/", strings.Repeat("m", 70000)+"EVIL", "Content-Type", "application/connect+json")
	r.wantStatus(200, "POST", "/", strings.Repeat("m", 70000), "Content-Type", "application/grpc")
	if r.hits() > 2 {
		t.Errorf("%d requests reached the upstream", r.hits())
	}
}
