package core

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
)

// weakText is text that scores without being a finding.
func weakText(t *testing.T, e *Engine) string {
	t.Helper()
	for _, text := range []string{"' or", "select x", "'--", "union all", "<a href", "../x", "; ls", "1 or 1", "' and", "sleep(", "admin'", "a' or '"} {
		v := e.Inspect(&Request{Method: "GET", URI: "/", Headers: []Header{{Name: "Cookie", Value: "a=" + text}}})
		if v.Score >= profile.WeakScore && v.Confidence == ConfidenceNone {
			return text
		}
	}
	t.Fatal("no text is weak evidence for this model")
	return ""
}

// TestWeakLines: a cookie line with weak evidence that is remembered gives the verdict and the
// observation that it gave when it was walked.
func TestWeakLines(t *testing.T) {
	base, err := New(Config{Observe: ObserveAll})
	if err != nil {
		t.Fatal(err)
	}
	e := base.WithProfile(emptyProfile(t))
	odd := weakText(t, base)
	lines := []string{"a=1; b=two; c=%7B%22x%22%3A1%7D", "sid=9f8e7d; q=" + odd, "theme=dark", "q=" + odd + "; r=" + odd, "many=" + fmt.Sprint(make([]int, 400))}
	hosts := []string{"h", "other.test"} // the second has no profile
	tx := newTransaction(e, nil)
	for round := range 6 {
		for i := range lines {
			r := Request{Method: "GET", URI: "/x?y=" + fmt.Sprint(i), Headers: []Header{{Name: "Host", Value: hosts[round%2]}, {Name: "Cookie", Value: lines[i]},
				{Name: "cookie", Value: lines[(i+1)%len(lines)]}}}
			fresh := newTransaction(e, nil)
			fresh.run(&r)
			want := fresh.verdict()
			record := fresh.AppendObservation(nil, 7, 2)
			tx.run(&r)
			got := tx.verdict()
			if again := tx.AppendObservation(nil, 7, 2); !bytes.Equal(again, record) || !sameVerdict(&got, &want) {
				t.Errorf("round %d, line %d: %+v, fresh %+v\n%q\n%q", round, i, got, want, again, record)
			}
			tx.reset()
		}
	}
	weak := 0
	for i := range tx.sums.slot {
		if tx.sums.slot[i].place != 0 {
			weak++
		}
	}
	if weak < 2 {
		t.Errorf("%d lines with weak evidence are remembered", weak)
	}
}

// emptyProfile knows one application and nothing of it.
func emptyProfile(t *testing.T) *profile.Profile {
	t.Helper()
	data, err := profile.Encode(&profile.Content{Generation: 1, Assets: []profile.Asset{{Name: "h", Host: "h", Base: "/"}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
