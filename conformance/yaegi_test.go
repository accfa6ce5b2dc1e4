package conformance

import (
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
	"github.com/glacis-waf/glacis/core"
)

// yaegiTarget is the engine as Traefik runs it: interpreted from source.
type yaegiTarget struct{}

func (yaegiTarget) Name() string { return "core/yaegi" }

// Deviations leaves megabytes to the full run: an interpreter takes seconds for
// each.
func (yaegiTarget) Deviations() []Deviation {
	if Full() {
		return nil
	}
	const reason = "interpreting megabytes takes minutes: make conformance does"
	var out []Deviation
	for _, cases := range []string{"limits/body-*", "limits/sqli-*-limit", "limits/gzip-bomb*",
		"limits/json-*", "bodies/octets-[15]m", "bodies/*-1m", "pass-through/http2-large"} {
		out = append(out, Deviation{Cases: cases, Kind: Skipped, Reason: reason})
	}
	return out
}

// Sample implements Slow.
func (yaegiTarget) Sample() int { return 100 }

// interpreted is the program that runs inside the interpreter. It takes and
// returns plain values, because types of the two worlds are different ones.
const interpreted = `
package judge

import (
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

var engine *core.Engine

func Load(text string) error {
	p, err := gateway.ParsePolicy(text, time.Now())
	if err != nil {
		return err
	}
	cfg := core.Config{Policy: p}
	if p != nil {
		cfg.Interpreter = core.Interpreted()
	}
	e, err := core.New(cfg)
	engine = e
	return err
}

func lines(flat []string) []core.Header {
	var out []core.Header
	for i := 0; i+1 < len(flat); i += 2 {
		out = append(out, core.Header{Name: flat[i], Value: flat[i+1]})
	}
	return out
}

func Judge(id, client, method, uri string, headers []string, body []byte, trailers []string) string {
	r := core.Request{Source: client, Method: method, URI: uri, Headers: lines(headers), Body: body, Trailers: lines(trailers)}
	e := gateway.Event{ID: id, Gateway: "core/yaegi", Verdict: engine.Inspect(&r)}
	s := gateway.Settings{}.WithDefaults()
	e.Action = gateway.Decide(&s, &e.Verdict, "")
	return string(e.Append(nil))
}
`

func (yaegiTarget) Start(t testing.TB, _ string) Instance { return startYaegi(t, nil) }

// StartUnder implements Ruled. The engine then is one for interpreters.
func (yaegiTarget) StartUnder(t testing.TB, _ string, p *Policy) Instance { return startYaegi(t, p) }

func startYaegi(t testing.TB, p *Policy) Instance {
	module, err := set.FindModule(".", "github.com/glacis-waf/glacis")
	if err != nil {
		t.Fatal(err)
	}
	packages, err := module.Packages()
	if err != nil {
		t.Fatal(err)
	}
	gopath := t.TempDir()
	if err := set.WriteTree(gopath, packages); err != nil {
		t.Fatal(err)
	}
	i := interp.New(interp.Options{GoPath: gopath})
	if err := i.Use(stdlib.Symbols); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Eval(interpreted); err != nil {
		t.Fatal(err)
	}
	load := export[func(text string) error](t, i, "judge.Load")
	judge := export[func(id, client, method, uri string, headers []string, body []byte, trailers []string) string](t, i, "judge.Judge")
	text := ""
	if p != nil {
		text = string(p.JSON)
	}
	if err := load(text); err != nil {
		t.Fatal(err)
	}
	return Direct(func(m *Message) (Event, error) {
		line := judge(m.ID, p.Client(m.Request), m.Request.Method, m.Request.URI, flat(m.Request.Headers), m.Request.Body, flat(m.Request.Trailers))
		e, ok := parseEvent(line)
		if !ok {
			t.Errorf("no event in %s", line)
		}
		return e, nil
	})
}

// export takes a function out of the interpreter.
func export[F any](t testing.TB, i *interp.Interpreter, name string) F {
	t.Helper()
	v, err := i.Eval(name)
	if err != nil {
		t.Fatal(err)
	}
	f, ok := v.Interface().(F)
	if !ok {
		t.Fatalf("%s is a %s", name, strings.TrimSpace(v.Type().String()))
	}
	return f
}

func flat(lines []core.Header) []string {
	var out []string
	for _, h := range lines {
		out = append(out, h.Name, h.Value)
	}
	return out
}

func TestConformanceYaegi(t *testing.T) { Run(t, yaegiTarget{}) }
