package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/benchset"
	"github.com/glacis-waf/glacis/core"
)

// attack is the least that each rival must find, to show that it is set up and
// not only fast because it does nothing.
var attack = benchset.Request{ID: "attack", Kind: "attack", Request: core.Request{
	Method: "GET",
	URI:    "/list?name=%22%3E%3Csvg%2Fonload%3Dconfirm(document.domain)%3E&id=7%27%20union%20select%20login,pass%20from%20users%23",
	Headers: []core.Header{{Name: "Host", Value: "store.example"}, {Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64)"},
		{Name: "Accept", Value: "text/html"}},
}}

var honest = benchset.Request{ID: "honest", Kind: "honest", Request: core.Request{
	Method:  "POST",
	URI:     "/orders?page=2",
	Headers: []core.Header{{Name: "Host", Value: "store.example"}, {Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64)"}, {Name: "Accept", Value: "*/*"}, {Name: "Content-Type", Value: "application/json"}},
	Body:    []byte(`{"title":"copper lamp","count":2}`),
}}

func TestRivalsAreSetUp(t *testing.T) {
	c, err := newCoraza()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []engine{c, libinjection{}} {
		for r, want := range map[*benchset.Request]bool{&attack: true, &honest: false} {
			got, err := e.refuses(r)
			if err != nil {
				t.Fatalf("%s: %v", e.name(), err)
			}
			if got != want {
				t.Errorf("%s refuses the %s request: %v, want %v", e.name(), r.ID, got, want)
			}
		}
	}
}

func TestReport(t *testing.T) {
	list, err := engines()
	if err != nil {
		t.Fatal(err)
	}
	set := &benchset.Set{File: "a.jsonl", Kinds: []benchset.Kind{{Name: "honest", Requests: []benchset.Request{honest}}}}
	r := row{kind: set.Kinds[0]}
	for _, e := range list {
		f, err := measure(e, set.Kinds[0], 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		if f.micros <= 0 {
			t.Errorf("%s took %v µs", e.name(), f.micros)
		}
		r.figures = append(r.figures, f)
	}
	var out bytes.Buffer
	report(&out, set, list, []row{r})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines, want 6:\n%s", len(lines), out.String())
	}
	columns := strings.Count(lines[3], "|")
	for _, line := range lines[4:] {
		if strings.Count(line, "|") != columns {
			t.Errorf("columns differ from the head's %d: %s", columns, line)
		}
	}
}

// BenchmarkInspect/<kind>/<engine>, for benchstat.
func BenchmarkInspect(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	list, err := engines()
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range set.Kinds {
		for _, e := range list {
			b.Run(kind.Name+"/"+e.name(), func(b *testing.B) {
				b.SetBytes(kind.Bytes())
				b.ReportAllocs()
				for i := 0; i < b.N; i++ {
					if _, err := e.refuses(&kind.Requests[i%len(kind.Requests)]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
