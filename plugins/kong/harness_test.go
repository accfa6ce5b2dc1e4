package kong

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/glacis-waf/glacis/conformance/kong"
	"github.com/glacis-waf/glacis/core"
)

// attack is a request target that the basic model blocks.
const attack = "/items?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20"

// rig is a server on a real socket with the driver as Kong.
type rig struct {
	*testing.T
	server *Server
	socket string
	kong   *driver.Client
	events *events
}

// newRig starts both. The deadline is out of the way unless config sets it: the
// machines that run tests may be slower than any.
func newRig(t *testing.T, config string, o Options) *rig {
	t.Helper()
	dir, err := os.MkdirTemp("", "kong")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	r := &rig{T: t, socket: filepath.Join(dir, "glacis.socket"), events: &events{}}
	o.Events = r.events
	if r.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	l, err := Listen(r.socket)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- r.server.Serve(l) }()
	t.Cleanup(func() {
		l.Close()
		r.kong.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		r.server.Shutdown(ctx)
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	r.kong = &driver.Client{Socket: r.socket, Plugin: "glacis", Config: patient(config)}
	return r
}

// patient adds a long deadline to a configuration without one.
func patient(config string) string {
	if config == "" || config == "{}" {
		return `{"deadline_ms":30000}`
	}
	if strings.Contains(config, "deadline_ms") {
		return config
	}
	return `{"deadline_ms":30000,` + config[1:]
}

func (r *rig) access(q *driver.Request) *driver.Outcome {
	r.Helper()
	o, err := r.kong.Access(q)
	if err != nil {
		r.Fatal(err)
	}
	return o
}

// wantStatus checks a refusal by its status, 0 for none.
func (r *rig) wantStatus(want int, q *driver.Request) *driver.Outcome {
	r.Helper()
	o := r.access(q)
	if o.Status != want {
		r.Errorf("%s %.80q: status %d, want %d", q.Method, q.URI, o.Status, want)
	}
	return o
}

// event waits for the event with an id.
func (r *rig) event(id string) map[string]any {
	r.Helper()
	for range 1000 {
		if e := r.events.find(id); e != nil {
			return e
		}
		time.Sleep(5 * time.Millisecond)
	}
	r.Fatalf("no event %s in:\n%s", id, r.events)
	return nil
}

// events is the log, safe for concurrent use.
type events struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (e *events) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.buf.Write(p)
}

func (e *events) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.buf.String()
}

func (e *events) find(id string) map[string]any {
	for _, line := range strings.Split(e.String(), "\n") {
		var m map[string]any
		if json.Unmarshal([]byte(line), &m) == nil && m["event.id"] == id {
			return m
		}
	}
	return nil
}

// get is a plain request with an id, so that its event can be found.
func get(uri, id string, headers ...driver.Header) *driver.Request {
	return &driver.Request{Method: "GET", URI: uri, Address: "192.0.2.7", Headers: append([]driver.Header{
		{Name: "Host", Value: "shop.example"}, {Name: "User-Agent", Value: "test"}, {Name: "X-Request-Id", Value: id}}, headers...)}
}

func post(body string, headers ...driver.Header) *driver.Request {
	q := get("/form", "test-post-0001", append(headers, driver.Header{Name: "Content-Length", Value: "9"},
		driver.Header{Name: "Content-Type", Value: "application/x-www-form-urlencoded"})...)
	q.Method, q.Body = "POST", []byte(body)
	return q
}

// word is an inspector for the tests of failures: it panics at "PANIC" and
// waits for release at "HANG"; otherwise it is the engine.
type word struct {
	inspector
	release chan struct{}
}

type wordTransaction struct {
	transaction
	word *word
}

func (w *word) Begin() transaction { return &wordTransaction{w.inspector.Begin(), w} }

func (t *wordTransaction) look(text string) {
	if strings.Contains(text, "PANIC") {
		panic("asked to")
	}
	if strings.Contains(text, "HANG") {
		<-t.word.release
	}
}

func (t *wordTransaction) RequestLine(method, uri string) {
	t.look(uri)
	t.transaction.RequestLine(method, uri)
}

func (t *wordTransaction) Body(chunk []byte) core.Verdict {
	t.look(string(chunk))
	return t.transaction.Body(chunk)
}

// failing makes the rig's inspections fail on demand.
func (r *rig) failing() *word {
	w := &word{release: make(chan struct{})}
	inner := r.server.policies.make
	r.server.policies.make = func(c core.Config) (inspector, error) {
		i, err := inner(c)
		w.inspector = i
		return w, err
	}
	return w
}
