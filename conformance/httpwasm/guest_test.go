package httpwasm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/http-wasm/http-wasm-host-go/api"
	"github.com/http-wasm/http-wasm-host-go/handler"
	wasm "github.com/http-wasm/http-wasm-host-go/handler/nethttp"
	"github.com/tetratelabs/wazero"
)

var guest struct {
	sync.Once
	code []byte
	err  error
}

// load builds the guest as make traefik-wasm does, once.
func load(t testing.TB) []byte {
	t.Helper()
	guest.Do(func() {
		file := filepath.Join(os.TempDir(), "glacis-httpwasm-test.wasm")
		root := filepath.Join("..", "..")
		for _, args := range [][]string{
			{"GOOS=wasip1", "GOARCH=wasm", "build", "-trimpath", "-buildmode=c-shared", "-ldflags=-s -w", "-o", file, "./wasm/http"},
			{"CGO_ENABLED=0", "GOFLAGS=", "run", "./wasm/http/link", "-in", file, "-to", file},
		} {
			cmd := exec.Command("go", args[2:]...)
			cmd.Dir, cmd.Env = root, append(os.Environ(), args[:2]...)
			if out, err := cmd.CombinedOutput(); err != nil {
				guest.err = errors.New(string(out))
				return
			}
		}
		guest.code, guest.err = os.ReadFile(file)
		_ = os.Remove(file)
	})
	if guest.err != nil {
		t.Fatal(guest.err)
	}
	return guest.code
}

// lines are what a guest logs.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) IsEnabled(api.LogLevel) bool { return true }

func (l *lines) Log(_ context.Context, _ api.LogLevel, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, text)
}

func (l *lines) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.text, "\n")
}

// middleware makes the middleware as Traefik does.
func middleware(t testing.TB, config string, next http.Handler) (http.Handler, *lines, error) {
	t.Helper()
	log := &lines{}
	m, err := wasm.NewMiddleware(t.Context(), load(t), handler.GuestConfig([]byte(config)), handler.Logger(log),
		handler.ModuleConfig(wazero.NewModuleConfig().WithSysWalltime().WithStartFunctions("_start", "_initialize")))
	if err != nil {
		return nil, log, err
	}
	t.Cleanup(func() { _ = m.Close(context.Background()) })
	return m.NewHandler(t.Context(), next), log, nil
}

// echo answers with the body that it read.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
	}
	_, _ = w.Write(b)
})

const attack = "/?q=1%27%20union%20select%20name,password%20from%20users--%20"

func TestGuest(t *testing.T) {
	h, log, err := middleware(t, `{"log":"all"}`, echo)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 1, 4 << 10, 32 << 10, 32<<10 + 1, 1 << 20, 20 << 20} {
		body := strings.Repeat("a page of honest words\n", size/23+1)[:size]
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader(body)))) // of unknown length
		if w.Code != 200 || w.Body.String() != body {
			t.Errorf("%d bytes: status %d, upstream read %d", size, w.Code, w.Body.Len())
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", attack, http.NoBody))
	if w.Code != 403 || !strings.Contains(w.Body.String(), `"status":403`) || !strings.Contains(log.all(), `"event.action":"block"`) {
		t.Errorf("an attack: %d %s", w.Code, w.Body)
	}
}

// broken is a body whose client leaves.
type broken struct{ io.Reader }

func (broken) Close() error { return nil }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// TestBrokenOff: a client that leaves ends the guest's call in the middle. The
// instance serves the next requests as if nothing had been, however often.
func TestBrokenOff(t *testing.T) {
	reached := 0
	h, log, err := middleware(t, `{}`, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		r := httptest.NewRequest("POST", "/", http.NoBody)
		r.Body = broken{strings.NewReader("a=b")}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code < 500 || reached != i {
			t.Fatalf("round %d: a request that breaks off: %d", i, w.Code)
		}
		w = httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", attack, http.NoBody))
		if w.Code != 403 {
			t.Fatalf("round %d: an attack: %d %s; log %s", i, w.Code, w.Body, log.all())
		}
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", http.NoBody))
		if reached != i+1 {
			t.Fatalf("round %d: %d honest requests arrived", i, reached)
		}
	}
}

// TestWrong: with a wrong configuration there is no middleware, and the log says
// why.
func TestWrong(t *testing.T) {
	_, log, err := middleware(t, `{"confidense":"high"}`, echo)
	if err == nil || !strings.Contains(log.all(), `unknown key "confidense", did you mean "confidence"?`) {
		t.Errorf("%v, log %q", err, log.all())
	}
}

// TestInstance bounds what an instance takes: a host has as many as there are
// requests at a time.
func TestInstance(t *testing.T) {
	const instances = 16
	free := make(chan struct{})
	var in sync.WaitGroup
	in.Add(instances)
	h, _, err := middleware(t, `{}`, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { in.Done(); <-free }))
	if err != nil {
		t.Fatal(err)
	}
	before := resident(t)
	var all sync.WaitGroup
	for range instances {
		all.Go(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/?q=lamp", http.NoBody)) })
	}
	in.Wait()
	per := (resident(t) - before) / (instances - 1) // one was there
	close(free)
	all.Wait()
	t.Logf("%.1f MB an instance", float64(per)/1e6)
	if per > 16<<20 {
		t.Errorf("an instance takes %d bytes", per)
	}
}

// resident is the memory of this process.
func resident(t *testing.T) int64 {
	t.Helper()
	runtime.GC()
	return residentBytes(t)
}

func BenchmarkGuest(b *testing.B) {
	h, _, err := middleware(b, `{}`, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("lamp table garden ", 600)
	for name, request := range map[string]func() *http.Request{
		"query200": func() *http.Request {
			return httptest.NewRequest("GET", "/search?q=wooden+table+for+the+lamp&category=home-lamp&page=3&sort=price&order=asc&brand=nordic+light&color=green&min=20&max=180&view=list&lang=en&instock=true&delivery=next+week&offer=12", http.NoBody)
		},
		"json1k": func() *http.Request {
			r := httptest.NewRequest("POST", "/", strings.NewReader(`{"a":"`+text[:1000]+`"}`))
			r.Header.Set("Content-Type", "application/json")
			return r
		},
		"form10k": func() *http.Request {
			r := httptest.NewRequest("POST", "/", strings.NewReader("a="+strings.ReplaceAll(text[:10000], " ", "+")))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.ServeHTTP(httptest.NewRecorder(), request())
			}
		})
	}
}
