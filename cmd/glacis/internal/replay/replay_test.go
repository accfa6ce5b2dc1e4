package replay

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/internal/golden"
)

func blocked(location string, family model.Family, score int, window string) core.Verdict {
	return core.Verdict{Action: core.Block, Confidence: core.ConfidenceHigh, Score: score, Family: family, Location: location, Window: window}
}

func summary() *Summary {
	c := NewCounter()
	get := func(uri string) *core.Request { return &core.Request{Method: "GET", URI: uri} }
	for i := range 8 {
		c.Add(fmt.Sprint("clean", i), get(fmt.Sprintf("/items/%d?q=x", i)), core.Verdict{})
	}
	c.Add("a1", get("/items/9?q=1"), blocked("query.q", model.SQLi, 80, "1' or 1<2"))
	c.Add("a2", get("/items/10?q=2"), blocked("query.q#base64", model.XSS, 99, "<svg/onload=x>\x1b[2J\xff"))
	c.Add("a3", get("/items/11?q=2"), blocked("query.q#percent", model.XSS, 90, "<b onclick=x>"))
	c.Add("a4", &core.Request{Method: "POST", URI: "/login"}, blocked("body.form.user", model.SQLi, 76, "x'--"))
	c.Add("a5", get("/items/12"), blocked("header.X", model.CmdI, 91, ";id"))
	c.Add("ok", get("/about"), core.Verdict{})
	s := c.Summary("test 1")
	s.Malformed = 2
	return s
}

func TestGolden(t *testing.T) {
	s := summary()
	var text, top strings.Builder
	if err := s.Print(&text, 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Print(&top, 1); err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for file, got := range map[string]string{
		"testdata/summary.txt": text.String(), "testdata/top.txt": top.String(), "testdata/summary.json": string(data),
	} {
		golden.Equal(t, file, got)
	}
}

// TestBounded checks that a scan of many paths and many parameter names takes
// a bounded number of entries and loses no count.
func TestBounded(t *testing.T) {
	c := NewCounter()
	const n = maxEndpoints + 500
	for i := range n {
		c.Add("i", &core.Request{Method: "GET", URI: fmt.Sprintf("/scan-x%dy", i)}, blocked("path[0]", model.Scanner, 80, "w"))
	}
	for i := range maxLocations + 10 {
		c.Add("i", &core.Request{Method: "GET", URI: "/scan-x0y"}, blocked(fmt.Sprintf("query.p%d", i), model.SQLi, 80, "w"))
	}
	s := c.Summary("m")
	if len(s.Endpoints) != maxEndpoints+1 {
		t.Fatalf("%d endpoints", len(s.Endpoints))
	}
	total := 0
	for _, e := range s.Endpoints {
		total += e.Blocked
		if len(e.Locations) > maxLocations+1 {
			t.Fatalf("%d locations", len(e.Locations))
		}
	}
	if total != n+maxLocations+10 || s.Blocked != total {
		t.Fatalf("%d blocked, %d counted", total, s.Blocked)
	}
}
