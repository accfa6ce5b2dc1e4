package core

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
)

// ruleCase is a policy with requests and what it makes of them.
type ruleCase struct {
	Name     string          `json:"name"`
	Policy   json.RawMessage `json:"policy"`
	Requests []ruleRequest   `json:"requests"`
}

type ruleRequest struct {
	Method  string      `json:"method"`
	URI     string      `json:"uri"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
	Source  string      `json:"source"`
	// Want is "action asset/mode reason exceptions… violations…".
	Want string `json:"want"`
}

// ruleDay is the day on which the policies of the tests are compiled.
var ruleDay = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// loadRules reads testdata/policy.json.
func loadRules(t testing.TB) []ruleCase {
	data, err := os.ReadFile("testdata/policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []ruleCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func compileRules(t testing.TB, text []byte) *policy.Policy {
	doc, err := policy.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Compile(doc, ruleDay)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (r *ruleRequest) request() *Request {
	out := &Request{Method: r.Method, URI: r.URI, Body: []byte(r.Body), Source: r.Source}
	if out.Method == "" {
		out.Method = "GET"
	}
	for i := 0; i < len(r.Headers); i++ {
		out.Headers = append(out.Headers, Header{Name: r.Headers[i][0], Value: r.Headers[i][1]})
	}
	return out
}

// ruleSummary writes what a policy made of a request as in ruleRequest.Want.
func ruleSummary(v *Verdict) string {
	parts := []string{v.Action.Name(), v.Asset + "/" + v.Mode}
	if v.Reason != "" {
		parts = append(parts, v.Reason)
	}
	for i := 0; i < len(v.Exceptions); i++ {
		parts = append(parts, v.Exceptions[i].ID+"="+v.Exceptions[i].Effect)
	}
	for i := 0; i < len(v.Violations); i++ {
		x := &v.Violations[i]
		mode := "detect"
		if x.Prevent {
			mode = "prevent"
		}
		parts = append(parts, "("+x.Protection+" "+mode+": "+x.Detail+")")
	}
	return strings.Join(parts, " ")
}

// TestPolicy runs testdata/policy.json, each request whole and in pieces, the
// pieces through the pool that the other requests used.
func TestPolicy(t *testing.T) {
	cases := loadRules(t)
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		e, err := New(Config{Policy: compileRules(t, c.Policy)})
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		for k := 0; k < len(c.Requests); k++ {
			r := &c.Requests[k]
			v := e.Inspect(r.request())
			if got := ruleSummary(&v); got != r.Want {
				t.Errorf("%s: %s %s %q:\n got %s\nwant %s\n(%s %q)", c.Name, r.Method, r.URI, r.Body, got, r.Want, v.Location, v.Window)
			}
			piecewise := pieces(e, r.request())
			if got := ruleSummary(&piecewise); got != r.Want {
				t.Errorf("%s: %s %s in pieces: got %s, want %s", c.Name, r.Method, r.URI, got, r.Want)
			}
			if v.Policy != e.Policy().Version() {
				t.Errorf("%s: policy %q", c.Name, v.Policy)
			}
		}
	}
}

// pieces inspects a request as a gateway does, the body in pieces of 7 bytes.
func pieces(e *Engine, r *Request) Verdict {
	t := e.Begin()
	t.Source(r.Source)
	t.RequestLine(r.Method, r.URI)
	for i := 0; i < len(r.Headers); i++ {
		t.Header(r.Headers[i].Name, r.Headers[i].Value)
	}
	t.EndHeaders()
	for i := 0; i < len(r.Body); i += 7 {
		end := i + 7
		if end > len(r.Body) {
			end = len(r.Body)
		}
		t.Body(r.Body[i:end])
	}
	v := t.End()
	t.Close()
	return v
}
