package evade

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func options() *Options { return &Options{Seed: 1, PerFile: 12, Steps: 25, Workers: 1} }

// TestFile attacks the embedded model with the small sample: what is reported
// is what the engine says of the texts reported, and any number of workers
// report the same.
func TestFile(t *testing.T) {
	x := target(t, core.ConfidenceHigh)
	out, tried, err := File(context.Background(), x, own, options())
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 5 || len(out) > 12 || tried < len(out) || tried > 15 {
		t.Fatalf("%d attacks of %d tried", len(out), tried)
	}
	for _, o := range out {
		if !x.Blocks(o.Value, o.Post) || x.Blocks(o.Best, o.Post) == o.Evaded || o.After > o.Before || len(o.Padded) != len(Paddings()) {
			t.Errorf("%+v", o)
		}
	}
	for _, workers := range []int{2, 5} {
		o := options()
		o.Workers = workers
		again, _, err := File(context.Background(), x, own, o)
		if err != nil || !reflect.DeepEqual(out, again) {
			t.Errorf("%d workers find something else, %v", workers, err)
		}
	}
}

func TestFileStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := File(ctx, target(t, core.ConfidenceHigh), own, options()); err != context.Canceled {
		t.Errorf("%v", err)
	}
	if _, _, err := File(context.Background(), target(t, core.ConfidenceHigh), "testdata/none.jsonl", options()); err == nil {
		t.Error("no error")
	}
}

// TestReport counts by hand.
func TestReport(t *testing.T) {
	held, some := make([]Trial, len(Paddings())), make([]Trial, len(Paddings()))
	for i := range held {
		held[i], some[i] = Held, Held
	}
	some[1], some[14], held[13] = Hid, Hid, Left
	outcome := func(family string, evaded bool, padded []Trial) Outcome {
		return Outcome{Attack: Attack{Family: family}, Evaded: evaded, Padded: padded}
	}
	var r Report
	r.Add("two", []Outcome{outcome("xss", false, held), outcome("sqli", true, some)}, 5)
	r.Add("one", []Outcome{outcome("sqli", false, some)}, 1)
	r.Add("none", nil, 3)
	if r.Total.Tried != 9 || r.Total.Blocked != 3 || r.Total.Evaded.Count != 1 || r.Total.Evaded.Low < 0.06 || r.Total.Evaded.Low > 0.07 {
		t.Errorf("%+v", r.Total)
	}
	if len(r.Families) != 2 || r.Families[0].Name != "sqli" || r.Families[0].Evaded.Rate != 0.5 || r.Families[1].Evaded.Count != 0 {
		t.Errorf("%+v", r.Families)
	}
	if len(r.Files) != 3 || r.Files[0].Evaded.Rate != 0.5 || r.Files[2].Evaded.High != 1 {
		t.Errorf("%+v", r.Files)
	}
	if r.PaddingTrials != 44 || r.PaddingPassed.Count != 4 || r.Padding[1].Passed != 2 || r.Padding[14].Passed != 2 || r.Padding[0].Passed != 0 || r.Padding[13].Trials != 2 {
		t.Errorf("%+v, %+v", r.Padding, r.PaddingPassed)
	}
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nall                                   9        3        1   33.333 [6.149, 79.234]\n", "\n       10–20        3        0        2        0\n", "in all 4 of 44:"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	card := r.Markdown()
	for _, want := range []string{"| sqli | 2 | 1 | 50.00 (9.45–90.55) |\n| xss | 1 | 0 |", "| **all** | 3 | 1 | 33.33 (", "4 of 44 trials", "| 10–20 | 3 | 0 | 2 | 0 |\n"} {
		if !strings.Contains(card, want) {
			t.Errorf("no %q in\n%s", want, card)
		}
	}
	if data, err := json.Marshal(&r); err != nil || !strings.Contains(string(data), `"padding_trials":44`) {
		t.Errorf("%s, %v", data, err)
	}
}
