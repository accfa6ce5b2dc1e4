package bench

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/core"
)

func requests() []request.Request {
	make := func(kind, category, uri string, body string) request.Request {
		return request.Request{Kind: kind, Category: category, HTTP: core.Request{Method: "POST", URI: uri, Body: []byte(body)}}
	}
	return []request.Request{
		make("small", "x", "/?a=1", ""), make("large", "x", "/", strings.Repeat("words and words ", 4000)),
		make("small", "x", "/?a=2", ""), make("", "category", "/", ""), make("", "", "/", ""),
	}
}

func TestRun(t *testing.T) {
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	procs := runtime.GOMAXPROCS(0)
	report := Run(engine, requests(), Options{Passes: 2, PassTime: time.Millisecond})
	if runtime.GOMAXPROCS(0) != procs {
		t.Errorf("GOMAXPROCS was not restored")
	}
	want := []struct {
		kind string
		n    int
	}{{"small", 2}, {"large", 1}, {"category", 1}, {"all", 1}}
	if len(report.Kinds) != len(want) {
		t.Fatalf("%+v", report.Kinds)
	}
	for i, k := range report.Kinds {
		if k.Kind != want[i].kind || k.Requests != want[i].n || k.Microseconds <= 0 || k.BytesPerSecond <= 0 || k.Allocs < 0 {
			t.Errorf("%+v, want %+v", k, want[i])
		}
	}
	var text strings.Builder
	if err := report.Print(&text); err != nil || strings.Count(text.String(), "\n") != 5 {
		t.Errorf("%v: %s", err, text.String())
	}
}

func TestJSON(t *testing.T) {
	data, err := json.Marshal(Report{Kinds: []Result{{"k", 1, 2, 3, 4}}})
	const want = `{"kinds":[{"kind":"k","requests":1,"us_per_request":2,"bytes_per_second":3,"allocs_per_request":4}]}`
	if err != nil || string(data) != want {
		t.Fatalf("%s, %v", data, err)
	}
}
