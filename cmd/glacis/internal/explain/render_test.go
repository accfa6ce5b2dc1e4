package explain

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/internal/golden"
)

// TestGolden draws a trace that has everything: nesting, a window inside a
// long value, a window that is no part of its value, bytes that would disturb
// a terminal, limits.
func TestGolden(t *testing.T) {
	r := &request.Request{ID: "in:1"}
	r.HTTP.Method, r.HTTP.URI = "GET", "/search?q=\x1b[31m"
	long := strings.Repeat("before ", 20) + "<svg/onload=x>" + strings.Repeat(" after", 20)
	steps := []core.Step{
		{Location: "path[0]", Value: "search"},
		{Location: "query", Value: "q", Name: true, Hits: 1},
		{Location: "query.q", Value: "PHN2Zy9vbmxvYWQ9eD4=", Hits: 2},
		{Depth: 1, Location: "query.q", Chain: "#base64", Value: long, Hits: 9, Score: 97, Confidence: core.ConfidenceCritical,
			Family: model.XSS, Window: "<svg/onload=x>", Start: 140, End: 154, Tokens: []core.Token{{Text: "<svg", Weight: 160}, {Text: "a\nb", Weight: -32}}},
		{Location: "header.x", Value: "un/**/ion\xff\x1b[2J", Hits: 3, Score: 60, Confidence: core.ConfidenceMedium, Family: model.SQLi, Window: "union"},
	}
	v := core.Verdict{Action: core.Block, Confidence: core.ConfidenceCritical, Score: 97, Family: model.XSS,
		Location: "query.q#base64", Window: "<svg/onload=x>", Uninspected: 12, Model: "test 1"}
	v.Limits[core.LimitDepth] = 2
	var text, ansi strings.Builder
	if err := Render(&text, r, v, steps, Brackets); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/tree.txt", text.String())
	if err := Render(&ansi, r, v, steps, ANSI); err != nil {
		t.Fatal(err)
	}
	if got := strings.NewReplacer(ANSI.Open, "[[", ANSI.Close, "]]").Replace(ansi.String()); got != text.String() {
		t.Fatalf("in color: got\n%s", got)
	}
}

// FuzzRender checks that a window whose bounds make no sense does no harm and
// that nothing of the value reaches the terminal as it is.
func FuzzRender(f *testing.F) {
	f.Add("value \x1b[2J", "window", 2, 5)
	f.Fuzz(func(t *testing.T, value, window string, start, end int) {
		var b strings.Builder
		step := core.Step{Location: value, Chain: window, Value: value, Window: window, Start: start, End: end, Score: 50}
		if err := Render(&b, &request.Request{ID: value}, core.Verdict{Location: value}, []core.Step{step}, Brackets); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\r\x00\x7f") {
			t.Fatalf("%q", b.String())
		}
	})
}
