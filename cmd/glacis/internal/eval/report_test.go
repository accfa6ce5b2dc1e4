package eval

import (
	"encoding/json"
	"math/rand"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/internal/golden"
)

// judged is a request with its outcome.
type judged struct {
	file, label, category string
	score                 int
}

// sample is a small evaluation: two attack files, three benign ones, one of
// them apart.
func sample() []judged {
	var all []judged
	add := func(n int, j judged) {
		for range n {
			all = append(all, j)
		}
	}
	add(90, judged{"corpora/attack_one.jsonl.gz", Attack, "sqli", 95})
	add(10, judged{"corpora/attack_one.jsonl.gz", Attack, "xss", 0})
	add(4, judged{"attack_two.jsonl", Attack, "xss", 80})
	add(1, judged{"attack_two.jsonl", Attack, "xss", 55})
	add(1, judged{"benign_har.jsonl.gz", Benign, "page", 76})
	add(999, judged{"benign_har.jsonl.gz", Benign, "page", 0})
	add(500, judged{"benign_logs.jsonl.gz", Benign, "static", 0})
	add(3, judged{"benign_sqlapi.jsonl.gz", Benign, "sql-by-contract", 99})
	add(2, judged{"benign_forms.jsonl.gz", Benign, "form", 51})
	add(98, judged{"benign_forms.jsonl.gz", Benign, "form", 0})
	add(2, judged{"stream.jsonl", "", "", 99})
	return all
}

func verdictOf(score int) core.Verdict {
	v := core.Verdict{Score: score, Model: "test 1"}
	switch {
	case score >= 90:
		v.Confidence = core.ConfidenceCritical
	case score >= 75:
		v.Confidence = core.ConfidenceHigh
	case score >= 50:
		v.Confidence = core.ConfidenceMedium
	}
	if v.Confidence >= core.ConfidenceHigh {
		v.Action, v.Family = core.Block, model.SQLi
	}
	return v
}

func report(all []judged) *Report {
	c := NewCounter()
	for _, j := range all {
		c.Add(j.file, j.label, j.category, verdictOf(j.score))
	}
	c.Weak = 7
	return c.Report("test 1", Options{Headline: []string{"har", "logs", "cassettes"}, Apart: []string{"sqlapi"}})
}

func TestGolden(t *testing.T) {
	r := report(sample())
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for file, got := range map[string]string{"testdata/report.txt": text.String(), "testdata/report.json": string(data)} {
		golden.Equal(t, file, got)
	}
}

// TestOrderDoesNotMatter checks that the report is a function of the set.
func TestOrderDoesNotMatter(t *testing.T) {
	all := sample()
	want, _ := json.Marshal(report(all))
	rand.New(rand.NewSource(1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if got, _ := json.Marshal(report(all)); string(got) != string(want) {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

// TestAveragesByHand checks the rates that matter against figures worked out
// by hand from the sample.
func TestAveragesByHand(t *testing.T) {
	r := report(sample())
	high := r.Macro["high"]
	near := func(name string, got *float64, want float64) {
		t.Helper()
		if got == nil || *got < want-1e-12 || *got > want+1e-12 {
			t.Errorf("%s: %v, want %g", name, got, want)
		}
	}
	near("TPR", high.TPR, (0.9+0.8)/2)
	near("FPR", high.FPR, (0.001+0+0)/3)
	near("balanced", high.Balanced, (0.85+1-0.001/3)/2)
	near("headline", high.HeadlineFPR, 0.0005)
	near("pooled", &high.HeadlinePooled.Rate, 1.0/1500)
	near("medium TPR", r.Macro["medium"].TPR, (0.9+1.0)/2)
	// 1 of 1,500 is more than 0.01 % and less than 0.1 %.
	if r.Points[1].Score != 1 || r.Points[2].Score != 77 {
		t.Errorf("operating points %+v", r.Points)
	}
	near("TPR at 0.01 %", &r.Points[2].TPR, (0.9+0.8)/2)
	if r.Unlabeled != 2 || r.Requests != 100+5+1000+500+3+100 {
		t.Errorf("%d without label, %d requests", r.Unlabeled, r.Requests)
	}
}

func TestEmptyReport(t *testing.T) {
	r := NewCounter().Report("m", Options{})
	if r.Macro["high"].TPR != nil || len(r.Points) != 0 {
		t.Fatalf("%+v", r)
	}
	if err := r.Print(&strings.Builder{}); err != nil {
		t.Fatal(err)
	}
}

func TestStem(t *testing.T) {
	for in, want := range map[string]string{
		"/a/b/benign_har.jsonl.gz": "benign_har", "x.har": "x", "access.log": "access", "stdin": "stdin", "-": "-", "v1.2": "v1.2",
	} {
		if got := Stem(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestFailure(t *testing.T) {
	r := &request.Request{ID: "i\xff", Category: "sqli", Payload: "p"}
	for _, c := range []struct {
		label string
		score int
		want  bool
	}{{Attack, 99, false}, {Attack, 60, true}, {Benign, 99, true}, {Benign, 60, false}, {"", 99, false}} {
		f, ok := NewFailure("a/f.jsonl", c.label, r, verdictOf(c.score))
		if ok != c.want {
			t.Errorf("%s with %d: %v", c.label, c.score, ok)
		}
		if ok && (f.ID != `i\xff` || f.File != "f" || f.Score != c.score || f.Payload != "p") {
			t.Errorf("%+v", f)
		}
	}
}
