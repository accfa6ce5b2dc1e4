package core

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/policy"
)

// everything is a policy that uses all conditions and checks.
func everything(t testing.TB) *policy.Policy {
	return compileRules(t, []byte(`{"apiVersion":"glacis/v1","defaults":{"protections":{"methods":{"mode":"prevent"},
"csrf":{"mode":"prevent"},"addresses":{"mode":"prevent","deny":["203.0.113.0/24"]}},"limits":{"urlBytes":8000,"depth":20,"overLimit":"block"}},
"assets":[{"name":"shop","hosts":["shop.example.test"]},{"name":"api","hosts":["*.example.test:8443"],"paths":["/api","/form"]}],
"exceptions":[{"id":"a","assets":["shop"],"paths":["/x/**"],"locations":["query.*"],"headers":[{"name":"X-A","value":"b+"}]},
{"id":"b","action":"block","sources":["198.51.100.0/24"],"paths":["/y"]},{"id":"c","action":"allow","sources":["192.0.2.1"]}]}`))
}

// TestPolicyNoAllocations checks that a policy costs a clean request no
// allocation.
func TestPolicyNoAllocations(t *testing.T) {
	if !poolKeeps() {
		t.Skip("the race detector makes sync.Pool forget")
	}
	e, err := New(Config{Policy: everything(t)})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range cleanRequests() {
		r.Source = "192.0.2.77:4711"
		v := e.Inspect(r)
		if v.Confidence != ConfidenceNone || v.Action != Pass {
			t.Logf("request %d is not clean (%s %q): findings allocate", i, v.Location, v.Window)
			continue
		}
		if v.Asset != "shop" {
			t.Fatalf("request %d: asset %q", i, v.Asset)
		}
		if n := testing.AllocsPerRun(50, func() { e.Inspect(r) }); n >= 1 {
			t.Errorf("request %d: %v allocations", i, n)
		}
	}
}

// TestExceptionCounts checks the counters of exceptions, and that a reload
// keeps them.
func TestExceptionCounts(t *testing.T) {
	text := []byte(`{"apiVersion":"glacis/v1","exceptions":[{"id":"q","locations":["query.q"]},{"id":"unused","locations":["query.r"]}]}`)
	p := compileRules(t, text)
	e, err := New(Config{Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	const attack = "1%27%20union%20select%20password%20from%20users--"
	for i := 0; i < 3; i++ {
		e.Inspect(&Request{Method: "GET", URI: "/?q=" + attack})
	}
	e.Inspect(&Request{Method: "GET", URI: "/?q=" + attack + "&x=" + attack})
	e.Inspect(&Request{Method: "GET", URI: "/?q=shoes"})
	next := compileRules(t, text)
	next.Carry(p)
	for _, counts := range [][]policy.Count{p.Counts(), next.Counts()} {
		if c := counts[0]; c.Applied != 3 || c.Idle != 1 {
			t.Errorf("%+v", c)
		}
		if c := counts[1]; c.Applied != 0 || c.Idle != 0 {
			t.Errorf("%+v", c)
		}
	}
}

// TestManyFindingsBeforeHeaders checks that findings beyond those that wait
// for the headers count without exceptions: flooding must not hide anything.
func TestManyFindingsBeforeHeaders(t *testing.T) {
	e, err := New(Config{Policy: compileRules(t, []byte(`{"apiVersion":"glacis/v1","exceptions":[{"id":"all","locations":["query.*"]}]}`))})
	if err != nil {
		t.Fatal(err)
	}
	one := "a=1%27%20union%20select%20password%20from%20users--&"
	if v := e.Inspect(&Request{Method: "GET", URI: "/?" + strings.Repeat(one, maxWaiting/4)}); v.Action != Pass {
		t.Errorf("few: %s %s", v.Action.Name(), v.Location)
	}
	if v := e.Inspect(&Request{Method: "GET", URI: "/?" + strings.Repeat(one, maxWaiting+1)}); v.Action != Block {
		t.Error("many findings passed")
	}
}

// TestExceptionWork checks that a request cannot make the exceptions of a large
// policy cost more than their bound: what comes after counts.
func TestExceptionWork(t *testing.T) {
	text := []byte(`{"apiVersion":"glacis/v1","exceptions":[{"id":"x0","locations":["body.form.a"]}`)
	for i := 1; i < 1000; i++ {
		text = fmt.Appendf(text, `,{"id":"x%d","locations":["body.form.b%d"]}`, i, i)
	}
	e, err := New(Config{Policy: compileRules(t, append(text, "]}"...))})
	if err != nil {
		t.Fatal(err)
	}
	inspect := func(n int) Action {
		return e.Inspect(&Request{Method: "POST", URI: "/", Headers: []Header{{"Content-Type", "application/x-www-form-urlencoded"}},
			Body: []byte(strings.Repeat("a=1%27%20union%20select%20password%20from%20users--&", n))}).Action
	}
	if inspect(10) != Pass {
		t.Error("ten findings are blocked")
	}
	if inspect(500) != Block {
		t.Error("five hundred findings times a thousand exceptions were compared")
	}
}

// TestOffSkipsBody checks that the body of an asset that is off is not read.
func TestOffSkipsBody(t *testing.T) {
	e, err := New(Config{Policy: compileRules(t, []byte(`{"apiVersion":"glacis/v1","defaults":{"mode":"off"}}`))})
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(strings.Repeat("x=' union select password from users--\n", 100))
	if v := e.Inspect(&Request{Method: "POST", URI: "/", Body: body}); v.Action != Pass || v.Score != 0 || v.Findings != nil || v.Mode != "off" {
		t.Errorf("%+v", v)
	}
}

func BenchmarkPolicy(b *testing.B) {
	r := cleanRequests()[0]
	for _, c := range []struct {
		name   string
		policy *policy.Policy
	}{{"without", nil}, {"with", everything(b)}} {
		e, err := New(Config{Policy: c.policy})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Inspect(r)
			}
		})
	}
}
