package proxy

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/gateway"
)

// wordInspector blocks what contains "EVIL", panics at "PANIC" and dawdles at
// "SLOW". Like the engine it looks at a body when a block is full or it ends,
// also across chunks. The proxy's behaviour can be tested to the byte with it;
// the real engine is behind the proxy in engine_test.go.
type wordInspector struct {
	mu     sync.Mutex
	lines  []string // what was shown, except bodies
	closed int
}

func (w *wordInspector) Model() string      { return "words 1" }
func (w *wordInspector) Begin() Transaction { return &wordTransaction{inspector: w} }

func (w *wordInspector) shown() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.lines, "\n")
}

type wordTransaction struct {
	inspector *wordInspector
	verdict   core.Verdict
	tail      []byte
	total     int
}

func (t *wordTransaction) look(location, text string) {
	switch {
	case strings.Contains(text, "PANIC"):
		panic("the inspector fell over " + location)
	case strings.Contains(text, "SLOW"):
		time.Sleep(30 * time.Millisecond)
	case strings.Contains(text, "EVIL") && t.verdict.Action == core.Pass:
		t.verdict = core.Verdict{Action: core.Block, Confidence: core.ConfidenceCritical, Score: 97,
			Family: model.SQLi, Location: location, Window: text}
	}
	t.verdict.Model = "words 1"
}

func (t *wordTransaction) note(line string) {
	t.inspector.mu.Lock()
	defer t.inspector.mu.Unlock()
	t.inspector.lines = append(t.inspector.lines, line)
}

func (t *wordTransaction) RequestLine(method, uri string) {
	t.note(method + " " + uri)
	t.look("uri", uri)
}

func (t *wordTransaction) Header(name, value string) {
	t.note(name + ": " + value)
	t.look("header."+strings.ToLower(name), value)
}

func (t *wordTransaction) EndHeaders() core.Verdict { return t.verdict }

func (t *wordTransaction) Body(chunk []byte) core.Verdict {
	before := t.total / blockBytes
	t.tail = append(t.tail, chunk...)
	if t.total += len(chunk); t.total/blockBytes > before {
		t.judge()
	}
	return t.verdict
}

func (t *wordTransaction) judge() {
	t.look("body", string(t.tail))
	t.tail = append(t.tail[:0], t.tail[max(0, len(t.tail)-8):]...)
}

func (t *wordTransaction) Trailer(name, value string) {
	t.note("trailer " + name + ": " + value)
	t.look("trailer."+strings.ToLower(name), value)
}

func (t *wordTransaction) End() core.Verdict {
	t.judge()
	return t.verdict
}

func (t *wordTransaction) Close() {
	t.inspector.mu.Lock()
	defer t.inspector.mu.Unlock()
	t.inspector.closed++
}

// rig is a proxy on a real socket before a real upstream.
type rig struct {
	*testing.T
	url     string // the proxy's
	addr    string
	words   *wordInspector
	metrics *Metrics
	proxy   *Proxy
	logged  *lockedBuffer // diagnostics
	events  *lockedBuffer
	hits    func() int
}

// newRig starts both. change may alter the configuration.
func newRig(t *testing.T, upstream http.HandlerFunc, change func(*Config)) *rig {
	t.Helper()
	var mu sync.Mutex
	hits := 0
	back := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hits++
		mu.Unlock()
		upstream(w, r)
	}))
	address, err := url.Parse(back.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, words: &wordInspector{}, logged: &lockedBuffer{}, events: &lockedBuffer{}}
	r.hits = func() int { mu.Lock(); defer mu.Unlock(); return hits }
	outputs, err := events.Open([]string{"stdout:"}, events.Environment{Stdout: r.events}, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { outputs.Close() })
	cfg := Config{Upstream: address, Inspector: r.words, Events: outputs, Report: gateway.LogAll,
		Log: slog.New(slog.NewJSONHandler(r.logged, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(&cfg)
	}
	if r.proxy, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	r.metrics = r.proxy.cfg.Metrics
	front := newServer(t, r.proxy)
	r.url, r.addr = front.URL, front.Listener.Addr().String()
	return r
}

func newServer(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// raw sends bytes as they are and returns everything that comes back.
func (r *rig) raw(message string) string {
	r.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, message); err != nil {
		r.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && len(answer) == 0 {
		r.Fatal(err)
	}
	return string(answer)
}

// do sends a request and returns status and body.
func (r *rig) do(method, target, body string, headers ...string) (*http.Response, string) {
	r.Helper()
	req, err := http.NewRequest(method, r.url+target, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	return res, string(text)
}

func (r *rig) wantStatus(want int, method, target, body string, headers ...string) (*http.Response, string) {
	r.Helper()
	res, text := r.do(method, target, body, headers...)
	if res.StatusCode != want {
		r.Errorf("%s %s: status %d, want %d: %s", method, target, res.StatusCode, want, text)
	}
	return res, text
}

// echo tells what the upstream got.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	fmt.Fprintf(w, "%s %s %s\n%s", r.Method, r.RequestURI, r.Host, body)
}

// lockedBuffer collects log records.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// eventually waits for something that happens after the answer was read. Its
// bound only keeps a failing test from hanging.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("never: %s", what)
}
