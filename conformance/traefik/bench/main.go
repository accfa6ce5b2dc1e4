// Command bench prints what the Traefik plugin costs: it runs the plugin in
// yaegi, as Traefik does, beside an interpreted middleware that does nothing, and
// prints the difference per request. The two take turns, each engine with the
// plugin that does nothing, as a Traefik has one engine and not both.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"github.com/glacis-waf/glacis/conformance/traefik"
)

const noop = `package noop

import (
	"context"
	"net/http"
)

type Config struct{}

type handler struct{ next http.Handler }

func CreateConfig() *Config { return &Config{} }

func New(ctx context.Context, next http.Handler, c *Config, name string) (http.Handler, error) {
	return &handler{next}, nil
}

func (h *handler) ServeHTTP(rw http.ResponseWriter, r *http.Request) { h.next.ServeHTTP(rw, r) }
`

func main() {
	rounds := flag.Int("n", 400, "requests of each kind")
	sidecar := flag.String("sidecar", "", "address of a running sidecar, to measure that too: unix:///PATH or http://HOST:PORT")
	flag.Parse()
	if err := run(*rounds, *sidecar); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, sidecar string) error {
	dir, err := os.MkdirTemp("", "glacis-traefik-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := traefik.WritePlugin(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "src", "noop"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "src", "noop", "noop.go"), []byte(noop), 0o644); err != nil {
		return err
	}
	idle, err := load(dir, "noop", "noop", nil)
	if err != nil {
		return err
	}
	before, start := heap(), time.Now()
	embedded, err := load(dir, traefik.Module+"/plugins/traefik", "traefik", map[string]string{"Engine": "embedded", "Log": "blocked"})
	if err != nil {
		return err
	}
	fmt.Printf("load and New: %.2f s, %.0f MB of heap\n", time.Since(start).Seconds(), float64(heap()-before)/1e6)
	engines := []engine{{"embedded", embedded}}
	if sidecar != "" {
		remote, err := load(dir, traefik.Module+"/plugins/traefik", "traefik", map[string]string{"Engine": "sidecar", "Sidecar": sidecar, "SidecarTimeout": "5s", "Log": "blocked"})
		if err != nil {
			return err
		}
		engines = append(engines, engine{"sidecar", remote})
	}
	fmt.Printf("%-36s %10s %10s %10s\n", "µs per request over a no-op plugin", "engine", "p10", "p50")
	for _, k := range kinds() {
		for _, e := range engines {
			k.measure(idle, e, rounds)
		}
	}
	return nil
}

// engine is the plugin with one of its engines.
type engine struct {
	name    string
	handler http.Handler
}

func heap() uint64 {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// load interprets a plugin and makes its middleware, as Traefik does.
func load(gopath, importPath, name string, options map[string]string) (http.Handler, error) {
	i := interp.New(interp.Options{GoPath: gopath})
	if err := i.Use(stdlib.Symbols); err != nil {
		return nil, err
	}
	if _, err := i.Eval(fmt.Sprintf("import %q", importPath)); err != nil {
		return nil, err
	}
	create, err := i.Eval(name + ".CreateConfig")
	if err != nil {
		return nil, err
	}
	config := create.Call(nil)[0]
	for field, value := range options {
		config.Elem().FieldByName(field).SetString(value)
	}
	construct, err := i.Eval(name + ".New")
	if err != nil {
		return nil, err
	}
	next := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = copyBody(r) }))
	out := construct.Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(&next).Elem(), config, reflect.ValueOf("bench")})
	if err, _ := out[1].Interface().(error); err != nil {
		return nil, err
	}
	h, ok := out[0].Interface().(http.Handler)
	if !ok {
		return nil, fmt.Errorf("%s.New made a %T", name, out[0].Interface())
	}
	return h, nil
}

func copyBody(r *http.Request) (int, error) {
	n, b := 0, make([]byte, 32<<10)
	for {
		k, err := r.Body.Read(b)
		n += k
		if err != nil {
			return n, err
		}
	}
}

// measure times a kind of request with an engine and without in turn.
func (k *kind) measure(idle http.Handler, e engine, rounds int) {
	var without, with []float64
	for n := -20; n < rounds; n++ {
		a, b := k.time(idle, n), k.time(e.handler, n)
		if n >= 0 {
			without, with = append(without, a), append(with, b)
		}
	}
	slices.Sort(without)
	slices.Sort(with)
	fmt.Printf("%-36s %10s %10.0f %10.0f\n", k.name, e.name, with[rounds/10]-without[rounds/10], with[rounds/2]-without[rounds/2])
}

// time returns what the n-th request of a kind takes, in µs.
func (k *kind) time(h http.Handler, n int) float64 {
	r := k.request(n)
	w := httptest.NewRecorder()
	start := time.Now()
	h.ServeHTTP(w, r)
	took := float64(time.Since(start).Nanoseconds()) / 1e3
	if w.Code != http.StatusOK {
		fmt.Printf("%s: status %d %s\n", k.name, w.Code, strings.TrimSpace(w.Body.String()))
	}
	return took
}
