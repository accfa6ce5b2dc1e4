package proxy

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// answersPolicy has an asset for each mode of the checks of answers.
const answersPolicy = `{"apiVersion":"glacis/v1","name":"answers","source":{"trustedProxies":["127.0.0.0/8"]},
"assets":[{"name":"shop","hosts":["shop.test"],"protections":{"openRedirect":{"mode":"prevent","trustedHosts":["login.example"]},
"errorDisclosure":{"mode":"prevent"},"securityHeaders":{"mode":"prevent"}}},
{"name":"quiet","hosts":["quiet.test"],"protections":{"openRedirect":{"mode":"detect"},"errorDisclosure":{"mode":"detect"},"securityHeaders":{"mode":"detect"}}},
{"name":"watched","hosts":["watched.test"],"mode":"detect","protections":{"openRedirect":{"mode":"prevent"},"errorDisclosure":{"mode":"prevent"},"securityHeaders":{"mode":"prevent"}}},
{"name":"plain","hosts":["plain.test"]}],
"exceptions":[{"id":"office","action":"allow","sources":["192.0.2.0/24"]}]}`

const trace = "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3\n"

// application answers as its path says.
func application(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	switch r.URL.Path {
	case "/go":
		w.Header().Set("Location", r.Form.Get("to"))
		w.WriteHeader(http.StatusFound)
	case "/error":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, "<pre>"+trace)
	case "/packed":
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, trace)
		z.Close()
	case "/own":
		w.Header().Set("X-Frame-Options", "DENY")
		io.WriteString(w, "fine")
	case "/image":
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, trace)
	case "/long":
		w.Header().Set("Content-Type", "text/plain")
		w.Write(bytes.Repeat([]byte("a lamp\n"), 40000))
	default:
		io.WriteString(w, "fine")
	}
}

// scrape returns the metrics as Prometheus gets them.
func scrape(m *Metrics) string {
	w := httptest.NewRecorder()
	promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func answersRig(t *testing.T, h http.HandlerFunc) *rig {
	return newRig(t, h, func(c *Config) {
		p := &Policies{}
		p.Set(active(t, answersPolicy))
		c.Inspector = p
	})
}

func TestAnswers(t *testing.T) {
	r := answersRig(t, application)
	const evil = "to=https%3A%2F%2Fevil.example%2Fx"
	for _, c := range []struct {
		host, target, status, want string
		header                     string
	}{
		{"shop.test", "/go?" + evil, "403", "looks like an attack", ""},
		{"quiet.test", "/go?" + evil, "302", "Location: https://evil.example/x", ""},
		{"watched.test", "/go?" + evil, "302", "Location: https://evil.example/x", ""},
		{"plain.test", "/go?" + evil, "302", "Location: https://evil.example/x", ""},
		{"shop.test", "/go?to=/next", "302", "Location: /next", ""},
		{"shop.test", "/go?to=https://login.example/", "302", "Location: https://login.example/", ""},
		{"shop.test", "/go?to=https://www.shop.test/", "302", "Location: https://www.shop.test/", ""},
		{"shop.test", "/go?to=https://quiet.test/", "302", "Location: https://quiet.test/", ""},
		{"shop.test", "/go?" + evil, "302", "Location: https://evil.example/x", "X-Forwarded-For: 192.0.2.9\r\n"},
		{"shop.test", "/error", "500", "failed to answer the request", ""},
		{"shop.test", "/packed", "500", "failed to answer the request", ""},
		{"quiet.test", "/error", "500", trace, ""},
		{"watched.test", "/error", "500", trace, ""},
		{"shop.test", "/image", "200", trace, ""},
		{"shop.test", "/", "200", "X-Content-Type-Options: nosniff\r\n", ""},
		{"shop.test", "/own", "200", "X-Frame-Options: DENY\r\n", ""},
		{"shop.test", "/long", "200", "a lamp\na lamp", ""},
	} {
		answer := r.host("GET", c.host, c.target, c.header)
		r.want(answer, c.status, c.want)
		if c.host != "shop.test" && strings.Contains(answer, "X-Frame-Options") {
			t.Errorf("%s%s was altered:\n%s", c.host, c.target, answer)
		}
	}
	eventually(t, "events", func() bool { return strings.Count(r.events.String(), `"event.version"`) == 17 })
	for text, n := range map[string]int{
		`"event.action":"block"`:                           3,
		`"glacis.reason":"openRedirect"`:                   1,
		`"glacis.reason":"errorDisclosure"`:                2,
		`"glacis.violations":["openRedirect evil.example"`: 3,
		`"glacis.violations":["errorDisclosure python"`:    4,
		`"event.action":"detect"`:                          4,
		`"securityHeaders X-Frame-Options"`:                4,
		`"glacis.asset":"plain"`:                           1,
		`"event.action":"detect","observer.name":"glacis/proxy","source.ip":"127.0.0.1","http.request.method":"GET","url.domain":"watched.test"`: 2,
	} {
		if got := strings.Count(r.events.String(), text); got != n {
			t.Errorf("%d times %s, want %d\n%s", got, text, n, r.events)
		}
	}
	for _, want := range []string{`glacis_response_objections_total{outcome="withheld",protection="openRedirect"} 1`, `{outcome="reported",protection="openRedirect"} 2`,
		`{outcome="withheld",protection="errorDisclosure"} 2`, `{outcome="altered",protection="securityHeaders"}`, `{outcome="reported",protection="securityHeaders"} 4`} {
		if got := scrape(r.metrics); !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if c := r.proxy.cfg.Inspector.(*Policies).current.Load().policy.Counts()[0]; c.Applied == 0 {
		t.Errorf("the exception has not counted: %+v", c)
	}
}

// TestRedirectAskedByForm: what a form or a JSON document asks for counts, too,
// in every mode of reading the body.
func TestRedirectAskedByForm(t *testing.T) {
	r := answersRig(t, application)
	for host, status := range map[string]string{"shop.test": "403", "watched.test": "302", "plain.test": "302"} {
		body := url.Values{"a": {"b"}, "to": {"https://evil.example/x"}}.Encode()
		answer := r.raw(fmt.Sprintf("POST /go HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", host, len(body), body))
		r.want(answer, status, "")
	}
	eventually(t, "events", func() bool { return strings.Count(r.events.String(), "openRedirect evil.example") == 2 })
}

// TestStreamsAreLeftAlone: a stream of events and an upgrade pass as they come,
// and a page that comes slowly is not held for longer than a moment.
func TestStreamsAreLeftAlone(t *testing.T) {
	more := make(chan struct{})
	r := answersRig(t, func(w http.ResponseWriter, req *http.Request) {
		flush := http.NewResponseController(w)
		switch req.URL.Path {
		case "/events":
			w.Header().Set("Content-Type", "text/event-stream")
		case "/slow":
			w.Header().Set("Content-Type", "text/html")
		case "/upgrade":
			conn, buf, err := flush.Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			line, _ := buf.ReadString('\n')
			io.WriteString(conn, line)
			return
		}
		io.WriteString(w, "first\n")
		_ = flush.Flush()
		<-more
		io.WriteString(w, trace)
	})
	for _, path := range []string{"/events", "/slow"} {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: shop.test\r\n\r\n", path)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 6)
		if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "first\n" {
			t.Fatalf("%s: %q %v", path, first, err)
		}
		if has := res.Header.Get("X-Frame-Options") != ""; has != (path == "/slow") {
			t.Errorf("%s: %v", path, res.Header)
		}
		more <- struct{}{}
		if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != trace {
			t.Errorf("%s: %q %v", path, rest, err)
		}
	}
	eventually(t, "the late trace is reported", func() bool {
		return strings.Contains(r.events.String(), `"glacis.violations":["errorDisclosure python"]`)
	})
	if n := strings.Count(r.events.String(), "errorDisclosure"); n != 1 {
		t.Errorf("%d reports", n)
	}
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET /upgrade HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, "X-Frame") {
			t.Error("the upgrade was altered")
		}
		if line == "\r\n" {
			break
		}
	}
	io.WriteString(conn, "Traceback (most recent call last)\n")
	if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "Traceback") {
		t.Errorf("%q %v", line, err)
	}
}

// TestDetectProxyAltersNoAnswer: the mode of the proxy bounds those of the checks.
func TestDetectProxyAltersNoAnswer(t *testing.T) {
	r := newRig(t, application, func(c *Config) {
		p := &Policies{}
		p.Set(active(t, answersPolicy))
		c.Inspector, c.Mode = p, Detect
	})
	r.want(r.host("GET", "shop.test", "/error"), "500", trace)
	answer := r.host("GET", "shop.test", "/go?to=//evil.example")
	r.want(answer, "302", "Location: //evil.example\r\n")
	if strings.Contains(answer, "nosniff") {
		t.Error(answer)
	}
	eventually(t, "both are reported", func() bool { return strings.Count(r.events.String(), `"event.action":"detect"`) == 2 })
}

// TestWindow: whatever the pieces, the body is what it was.
func TestWindow(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 1000)
	for _, size := range []int{1, 7, 9999, 10000, 10001, 1 << 16} {
		for _, wait := range []time.Duration{time.Nanosecond, time.Second} {
			w := newWindow(io.NopCloser(pieces{bytes.NewReader(text)}), size)
			beginning, _ := w.await(wait)
			if !bytes.HasPrefix(text, beginning) {
				t.Errorf("%d: the beginning is another", size)
			}
			if got, err := io.ReadAll(w); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d: %d bytes, %v", size, len(got), err)
			}
		}
	}
}

// pieces reads at most 100 bytes at a time.
type pieces struct{ io.Reader }

func (p pieces) Read(b []byte) (int, error) { return p.Reader.Read(b[:min(len(b), 100)]) }

// TestAnswersCostNothing: without checks of answers nothing is allocated for them.
func TestAnswersCostNothing(t *testing.T) {
	p := active(t, sitePolicy).policy
	if n := testing.AllocsPerRun(100, func() {
		if p.Answers("shop") != nil {
			t.Fatal("there are checks")
		}
	}); n > 0 {
		t.Error(n)
	}
}
