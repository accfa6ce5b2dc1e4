package kong

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// attack is a request target that the basic model blocks.
const attack = "/items?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20"

// badForm is a form that it blocks.
const badForm = "a=1&q=1' UNION SELECT username,password FROM users-- "

// rig is mini-Kong with the real plugin server before a real upstream.
type rig struct {
	*MiniKong
	t      *testing.T
	plugin *Process
	events *process.Log
	client *http.Client
	hits   atomic.Int64
}

func newRig(t *testing.T, config string, workers int, flags ...string) *rig {
	t.Helper()
	r := &rig{t: t, events: &process.Log{}, client: &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.hits.Add(1)
		n, _ := io.Copy(io.Discard, q.Body) // a client that hung up shows in n
		w.Header().Set("X-Id", q.Header.Get("X-Request-Id"))
		fmt.Fprintf(w, "%s %s %d", q.Method, q.RequestURI, n)
	}))
	t.Cleanup(backend.Close)
	r.plugin = Launch(t, Build(t), r.events, flags...)
	r.MiniKong = StartMiniKong(t, Setup{Socket: r.plugin.Socket, Name: "glacis", Config: config,
		Backend: backend.Listener.Addr().String(), Workers: workers})
	return r
}

// do sends a request and returns status and body, 0 for a broken connection.
func (r *rig) do(method, target string, body io.Reader, header ...string) (int, string) {
	q, err := http.NewRequest(method, "http://"+r.Address+target, body)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	res, err := r.client.Do(q)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(text)
}

func (r *rig) want(status int, method, target string, body io.Reader, header ...string) string {
	r.t.Helper()
	got, text := r.do(method, target, body, header...)
	if got != status {
		r.t.Errorf("%s %.80s: status %d, want %d: %s\n%s", method, target, got, status, text, r.Log())
	}
	return text
}

// raw sends bytes as they are and returns the status line.
func (r *rig) raw(message string) string {
	r.t.Helper()
	c, err := net.Dial("tcp", r.Address)
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, message); err != nil {
		r.t.Fatal(err)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return "none: " + err.Error()
	}
	return strings.TrimSpace(line)
}

type adminState struct{ Retries, Seq, Worker int }

// configure replaces the configuration and returns the state.
func (r *rig) configure(config string) (s adminState) {
	r.t.Helper()
	method := http.MethodGet
	if config != "" {
		method = http.MethodPut
	}
	q, err := http.NewRequest(method, "http://"+r.Admin+"/", strings.NewReader(config))
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil {
		r.t.Fatal(err)
	}
	return s
}

func TestMiniPassesAndBlocks(t *testing.T) {
	r := newRig(t, config, 1)
	if text := r.want(200, "GET", "/items?q=chair", nil); text != "GET /items?q=chair 0" {
		t.Errorf("upstream saw %q", text)
	}
	r.want(403, "GET", attack, nil)
	r.want(200, "POST", "/form", strings.NewReader("a=1"), "Content-Type", "application/x-www-form-urlencoded")
	r.want(403, "POST", "/form", strings.NewReader(badForm), "Content-Type", "application/x-www-form-urlencoded")
	chunked := struct{ io.Reader }{strings.NewReader(badForm)} // of unknown length
	r.want(403, "POST", "/form", chunked, "Content-Type", "application/x-www-form-urlencoded")
	file := strings.Repeat("a", 300000) + "&" + badForm
	r.want(403, "POST", "/form", strings.NewReader(file), "Content-Type", "application/x-www-form-urlencoded")
	if text := r.want(200, "POST", "/form", strings.NewReader(file[:300000])); text != "POST /form 300000" {
		t.Errorf("upstream saw %q", text)
	}
}

func TestMiniRawProbes(t *testing.T) {
	r := newRig(t, config, 1)
	for name, p := range map[string]struct{ message, want string }{
		"bytes in header":  {"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\xff\xfeb\r\n\r\n", "200"},
		"attack beside":    {"GET " + attack + " HTTP/1.1\r\nHost: x\r\nX-A: a\xff\xfeb\r\n\r\n", "403"},
		"bytes in query":   {"GET " + attack + "&z=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", "403"},
		"bytes in path":    {"GET /\xff\xfe" + attack + " HTTP/1.1\r\nHost: x\r\n\r\n", "403"},
		"duplicate":        {"GET / HTTP/1.1\r\nHost: x\r\nX-q: 1\r\nx-Q:   ' UNION SELECT username,password FROM users-- \r\n\r\n", "403"},
		"underscore":       {"GET / HTTP/1.1\r\nHost: x\r\nX_q: ' UNION SELECT username,password FROM users-- \r\n\r\n", "403"},
		"bad escapes":      {"GET /%ff;b=c?x=%zz&y=%01 HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
		"150 headers":      {"GET / HTTP/1.1\r\nHost: x\r\n" + lines(150, "") + "\r\n", "200"},
		"150, last is bad": {"GET / HTTP/1.1\r\nHost: x\r\n" + lines(149, "' UNION SELECT username,password FROM users-- ") + "\r\n", "403"},
		"purge":            {"PURGE /x HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
		"get with body":    {"GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 54\r\n\r\n" + badForm + " ", "403"},
		"expect":           {"POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\na=1", "100"},
		"chunk extension":  {"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n35;a=b\r\n" + badForm + "\r\n0\r\n\r\n", "403"},
	} {
		if got := r.raw(p.message); !strings.Contains(got, " "+p.want+" ") {
			t.Errorf("%s: %q, want %s", name, got, p.want)
		}
	}
}

func lines(n int, last string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "X-%d: plain\r\n", i)
	}
	if last != "" {
		b.WriteString("X-Last: " + last + "\r\n")
	}
	return b.String()
}

// TestMiniHugeBody: 100 MB pass with bounded memory, and arrive.
func TestMiniHugeBody(t *testing.T) {
	r := newRig(t, config, 1)
	r.want(200, "POST", "/warm", strings.NewReader(strings.Repeat("a", 1<<20)))
	before := r.plugin.RSS(t)
	const size = 100 << 20
	if text := r.want(200, "POST", "/huge", io.LimitReader(letters{}, size)); text != fmt.Sprint("POST /huge ", size) {
		t.Errorf("upstream saw %q", text)
	}
	if grown := r.plugin.RSS(t) - before; grown > 16<<20 {
		t.Errorf("the plugin server grew by %d bytes", grown)
	}
	if !strings.Contains(r.events.String(), fmt.Sprint(`"glacis.uninspected_bytes":`, size-8<<20)) {
		t.Error("what was not inspected was not counted")
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "word and "[i%9]
	}
	return len(p), nil
}

// load sends requests from several clients until stop, and returns the number
// of answers by status. Every other request is an attack.
func (r *rig) load(clients int, stop <-chan struct{}) func() map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	counts := map[string]int{}
	for range clients {
		all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				kind, target := "good", "/items?q=chair"
				if i%2 == 1 {
					kind, target = "attack", attack
				}
				status, _ := r.do("GET", target, nil)
				mu.Lock()
				counts[fmt.Sprint(kind, " ", status)]++
				mu.Unlock()
			}
		})
	}
	return func() map[string]int { all.Wait(); return counts }
}

// TestMiniReconfiguration: two workers, a configuration that changes under
// load. Every answer fits one of the two configurations, none is an error.
func TestMiniReconfiguration(t *testing.T) {
	r := newRig(t, config, 2)
	stop := make(chan struct{})
	counts := r.load(8, stop)
	for i := range 8 {
		time.Sleep(100 * time.Millisecond)
		r.configure(strings.Replace(config, "prevent", []string{"detect", "prevent"}[i%2], 1))
	}
	close(stop)
	got := counts()
	if len(got) != 3 || got["good 200"] == 0 || got["attack 200"] == 0 || got["attack 403"] == 0 {
		t.Errorf("answers: %v\n%s", got, r.Log())
	}
	r.want(403, "GET", attack, nil)
	r.configure(strings.Replace(config, "prevent", "detect", 1))
	r.want(200, "GET", attack, nil)
	if s := r.configure(""); s.Retries > 0 {
		t.Errorf("%d connections lost", s.Retries)
	}
}

// TestMiniWorkerKilled: a worker dies under load; the others and its successor
// are served with the right configuration.
func TestMiniWorkerKilled(t *testing.T) {
	r := newRig(t, config, 2)
	r.want(200, "GET", "/", nil)
	if err := syscall.Kill(r.configure("").Worker, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	r.client.CloseIdleConnections()
	for range 20 {
		r.want(200, "GET", "/items?q=chair", nil)
		r.want(403, "GET", attack, nil)
	}
}

// TestMiniPluginKilled: what Kong does when the plugin server is gone is 500,
// the request does not pass; when it is back at the same socket all is well.
func TestMiniPluginKilled(t *testing.T) {
	r := newRig(t, config, 1)
	r.want(200, "GET", "/", nil)
	_ = r.plugin.Kill()
	r.want(500, "GET", attack, nil)
	hits := r.hits.Load()
	executable, prefix := r.plugin.Path, strings.TrimSuffix(r.plugin.Socket, "/glacis.socket")
	again, err := LaunchAt(executable, prefix, r.events)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Kill() })
	r.want(403, "GET", attack, nil)
	r.want(200, "GET", "/", nil)
	if n := r.hits.Load() - hits; n != 1 {
		t.Errorf("%d requests reached the upstream, want 1", n)
	}
}

// TestMiniPluginReplaced: another plugin server takes the socket over under
// load, as at `kong reload`, and the first ends: no request fails.
func TestMiniPluginReplaced(t *testing.T) {
	r := newRig(t, config, 2)
	stop := make(chan struct{})
	counts := r.load(4, stop)
	time.Sleep(100 * time.Millisecond)
	next, err := LaunchAt(r.plugin.Path, strings.TrimSuffix(r.plugin.Socket, "/glacis.socket"), r.events)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = next.Kill() })
	if err := r.plugin.Terminate(); err != nil {
		t.Errorf("the first ended with %v", err)
	}
	time.Sleep(200 * time.Millisecond)
	close(stop)
	if got := counts(); len(got) != 2 || got["good 200"] == 0 || got["attack 403"] == 0 {
		t.Errorf("answers: %v\n%s", got, r.Log())
	}
}
