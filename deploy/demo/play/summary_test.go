package main

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

// sumOf makes a summary of so many honest requests and attacks.
func sumOf(benign, passed, attacks, blocked int) *summary {
	s := &summary{}
	for i := range benign {
		s.add(outcome{blocked: i >= passed})
	}
	for i := range attacks {
		s.add(outcome{request: traffic.Request{Family: "sqli"}, blocked: i < blocked, leakable: true, leaked: i >= blocked})
	}
	return s
}

func TestGood(t *testing.T) {
	for _, c := range []struct {
		benign, passed, attacks, blocked int
		want                             bool
	}{{200, 200, 60, 48, true}, {200, 200, 60, 47, false}, {200, 198, 60, 60, true}, {200, 197, 60, 60, false}, {0, 0, 60, 60, false}, {200, 200, 0, 0, false}} {
		if got := sumOf(c.benign, c.passed, c.attacks, c.blocked).good(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestSummaryTable(t *testing.T) {
	var out strings.Builder
	sumOf(200, 200, 60, 57).print(&out)
	for _, want := range []string{"200 of 200 passed", "sqli     60        57                            60               3"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestVerdictsEndWithTheLog(t *testing.T) {
	v := newVerdicts(strings.NewReader(`{"msg":"listening","listen":"a","metrics":"b"}`+"\nnonsense\nlast words\n"),
		strings.NewReader(`{"event.version":1,"event.id":"1","event.action":"block","glacis.score":91}`+"\n"))
	if r, ok := v.listening(t.Context()); !ok || r.Listen != "a" || r.Metrics != "b" {
		t.Error(r, ok)
	}
	if r, ok := v.of(t.Context(), "1"); !ok || r.Action != "block" || r.Score != 91 {
		t.Error(r, ok)
	}
	if _, ok := v.of(t.Context(), "2"); ok || v.lastWords() != "last words" {
		t.Error("a request that was not logged was found")
	}
}
