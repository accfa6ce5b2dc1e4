package main

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

func TestPrintOutcome(t *testing.T) {
	found := record{Confidence: "high", Family: "sqli", Score: 88, Location: "query.q", Window: "union\x1b[2Jselect"}
	for want, o := range map[string]outcome{
		"  blocked  cards                                sqli       88  query.q: union [2Jselect\n":                                         {request: traffic.Request{Name: "cards", Family: "sqli", Leak: "4929"}, blocked: true, leakable: true, verdict: found},
		"  REFUSED  search                               sqli       88  query.q: union [2Jselect\n":                                         {request: traffic.Request{Name: "search"}, blocked: true, verdict: found},
		"  PASSED   cards                                sqli       88  query.q: union [2Jselect\n           the shop gave away \"4929\"\n": {request: traffic.Request{Name: "cards", Family: "sqli", Leak: "4929"}, leaked: true, leakable: true, verdict: found},
		"  passed   front page\n": {request: traffic.Request{Name: "front page"}, verdict: record{Confidence: "none"}},
	} {
		var out strings.Builder
		if o.print(&out, false); out.String() != want {
			t.Errorf("got\n%swant\n%s", out.String(), want)
		}
	}
}

// TestPaint: colors are for terminals.
func TestPaint(t *testing.T) {
	if p := paintFor(&strings.Builder{}); p || p.good("x") != "x" {
		t.Error("colors where there is no terminal")
	}
	if got := paint(true).bad("x"); got != "\x1b[31;1mx\x1b[0m" {
		t.Errorf("%q", got)
	}
}
