package envoy

import (
	"encoding/binary"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/envoy/host"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

const token = "0123456789abcdef"

// classroom is a sidecar with the real store and the real endpoints, and a VM
// whose calls it answers. Both have the same clock.
type classroom struct {
	*testing.T
	vm      *host.VM
	handler http.Handler
	key     *signing.Key
	store   *store.Store
	model   *delivery.Model // in force
	service *inspection.Service
	ahead   atomic.Int64
	// calls counts the calls by path.
	calls map[string]int
}

func newClassroom(t *testing.T) *classroom {
	t.Helper()
	c := &classroom{T: t, vm: newVM(t), calls: map[string]int{}}
	start := time.Now()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Pulse: 20 * time.Millisecond,
		Now:   func() time.Time { return start.Add(time.Duration(c.ahead.Load())) },
		Learn: learn.Config{Window: time.Minute, Requests: 100, Sources: 20, Assets: []learn.AssetRule{{Name: "shop", Host: "*"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c.store = s
	if c.key, err = signing.LoadKey(filepath.Join(t.TempDir(), "key")); err != nil {
		t.Fatal(err)
	}
	l, err := api.NewLearning(s, c.key)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if c.service, err = inspection.New(inspection.Config{Engine: engine}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.service.Close)
	c.handler = api.New(token, append(l.Routes(), api.Tables(func() *delivery.Model { return c.model }, c.key.SignModel),
		api.Policy(c.service, c.key.SignPolicy))...)
	return c
}

// advance lets time pass for both.
func (c *classroom) advance(d time.Duration) {
	c.ahead.Add(int64(d))
	c.vm.Ahead += d
}

// plugin starts a plugin that is tied to the sidecar.
func (c *classroom) plugin(more string) *host.Plugin {
	c.Helper()
	p, ok, err := c.vm.Plugin(`{"sidecar":"waf","sidecarToken":"` + token + `","publicKey":"` + c.key.Public().String() + `"` + more + `}`)
	if err != nil || !ok {
		c.Fatalf("configure: %v, %v, %v", ok, err, c.vm.Logs)
	}
	return p
}

// tick lets the plugin send what is due and answers it.
func (c *classroom) tick(p *host.Plugin) {
	c.Helper()
	must(c.T, p.Tick())
	for len(c.vm.Calls) > 0 {
		call := c.vm.Calls[0]
		c.vm.Calls = c.vm.Calls[1:]
		w := c.answer(&call)
		headers := [][2]string{{":status", http.StatusText(w.Code)}}
		headers[0][1] = strings.Fields(w.Result().Status)[0]
		for name, values := range w.Header() {
			headers = append(headers, [2]string{strings.ToLower(name), values[0]})
		}
		must(c.T, c.vm.Answer(call, headers, w.Body.Bytes()))
	}
}

// answer asks the endpoints; none of them is waited for.
func (c *classroom) answer(call *host.Call) *httptest.ResponseRecorder {
	path := strings.TrimSuffix(call.Header(":path"), "?wait=20")
	c.calls[path]++
	req := httptest.NewRequest(call.Header(":method"), path, strings.NewReader(string(call.Body)))
	for _, h := range call.Headers {
		if h[0][0] != ':' {
			req.Header.Set(h[0], h[1])
		}
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, req)
	return w
}

// answered sets what the upstream answers from now on.
func (c *classroom) answered(status int) {
	c.vm.Properties["response\x00code"] = string(binary.LittleEndian.AppendUint64(nil, uint64(status)))
}

// eventually ticks until something is so that does not depend on speed.
func (c *classroom) eventually(p *host.Plugin, what string, ok func() bool) {
	c.Helper()
	for range 600 {
		c.tick(p)
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
		c.vm.Ahead += 10 * time.Second / 600 // pauses end
	}
	c.Fatalf("never came: %s; metrics %v, log %v", what, c.vm.Metrics, c.vm.Logs)
}
