package evade

import (
	"encoding/base64"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/basic"
)

// target is the embedded model behind an engine that blocks from a confidence.
func target(t testing.TB, confidence core.Confidence) *Target {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	e, err := core.New(core.Config{Confidence: confidence})
	if err != nil {
		t.Fatal(err)
	}
	return NewTarget(e, m)
}

// TestRequest takes the value out of the request again, as a server would.
func TestRequest(t *testing.T) {
	for _, v := range []string{"", "a b+c&d=e;f%41#g", "\x00\xff\r\n'\"<>", strings.Repeat("long ", 5000)} {
		for _, post := range []bool{false, true} {
			r := request(v, post)
			raw := string(r.Body)
			if !post && len(v) <= maxQuery {
				u, err := url.ParseRequestURI(r.URI)
				if err != nil || r.Method != "GET" || strings.Contains(r.URI, "+") {
					t.Fatalf("%s %s, %v", r.Method, r.URI, err)
				}
				raw = u.RawQuery
			} else if r.Method != "POST" || r.URI != "/" {
				t.Fatalf("%s %s", r.Method, r.URI)
			}
			q, err := url.ParseQuery(raw)
			if err != nil || q.Get("p") != v || len(q) != 1 {
				t.Errorf("%.40q became %.40q, %v", v, q, err)
			}
		}
	}
}

// TestScore checks that the score that guides is the engine's own, but for the
// fraction that refines it.
func TestScore(t *testing.T) {
	x := target(t, core.ConfidenceHigh)
	all, err := Sample(own, 1)
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, Attack{Value: "a quiet village"}, Attack{Value: ""})
	for _, a := range all {
		score := x.score(a.Post)
		v := x.engine.Inspect(request(a.Value, a.Post))
		if s := score(a.Value); math.Abs(s-float64(v.Score)) > 0.1 { // a raw score below 0 refines downwards
			t.Errorf("%q: %v, the engine says %d", a.Value, s, v.Score)
		}
		if score(a.Value) != score(a.Value) {
			t.Errorf("%q: the score is no function of the value", a.Value)
		}
		if x.Blocks(a.Value, a.Post) != (v.Action == core.Block) {
			t.Errorf("%q: %s", a.Value, v.Action.Name())
		}
	}
}
