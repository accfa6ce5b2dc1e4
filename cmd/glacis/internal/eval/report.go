package eval

import (
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// levels are the confidences of the report, strictest first.
var levels = []core.Confidence{core.ConfidenceCritical, core.ConfidenceHigh, core.ConfidenceMedium}

// Rate is a share of requests with its 95 % Wilson interval.
type Rate struct {
	Count int     `json:"count"`
	Rate  float64 `json:"rate"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Group is the outcome for one file or category. For attacks the rates are
// true-positive rates, for benign requests false-positive rates.
type Group struct {
	Name     string          `json:"name"`
	Label    string          `json:"label"`
	Requests int             `json:"requests"`
	Rates    map[string]Rate `json:"rates"`
	// Apart marks a file that is reported but not averaged (dual use).
	Apart bool `json:"apart,omitempty"`
}

// Averages are the summary rates at one confidence. A rate for which there are
// no files is absent.
type Averages struct {
	// TPR is the mean over attack files, FPR over benign files.
	TPR *float64 `json:"tpr,omitempty"`
	FPR *float64 `json:"fpr,omitempty"`
	// Balanced is the balanced accuracy: the mean of TPR and 1 − FPR.
	Balanced *float64 `json:"balanced_accuracy,omitempty"`
	// HeadlineFPR is the mean over the headline files, HeadlinePooled the rate
	// over all their requests together.
	HeadlineFPR    *float64 `json:"headline_fpr,omitempty"`
	HeadlinePooled *Rate    `json:"headline_pooled,omitempty"`
}

// Point is an operating point: the lowest score that keeps the pooled
// false-positive rate of the headline files at or below Target, and the mean
// true-positive rate over attack files at that score.
type Point struct {
	Target float64 `json:"target_fpr"`
	// Score is 101 when no score is strict enough.
	Score int     `json:"score"`
	FPR   float64 `json:"fpr"`
	TPR   float64 `json:"tpr"`
}

// Report is the outcome of an evaluation.
type Report struct {
	Model      string              `json:"model"`
	Requests   int                 `json:"requests"`
	Malformed  int                 `json:"malformed"`
	Unlabeled  int                 `json:"unlabeled"`
	Weak       int                 `json:"weak_skipped"`
	Files      []Group             `json:"files"`
	Categories []Group             `json:"categories"`
	Macro      map[string]Averages `json:"macro"`
	Headline   []string            `json:"headline"`
	Points     []Point             `json:"operating_points,omitempty"`
}

// Options name the files with a special part, without their prefix "benign_".
type Options struct {
	// Headline are the benign files of the headline rate: recorded traffic.
	Headline []string
	// Apart are the benign files left out of the averages.
	Apart []string
}

// Report computes the rates.
func (c *Counter) Report(model string, opt Options) *Report {
	r := &Report{Model: model, Unlabeled: c.Unlabeled, Weak: c.Weak, Macro: map[string]Averages{}}
	var attacks, benign, headline []*Tally
	for _, label := range []string{Attack, Benign} {
		names, tallies := c.group(label, func(k key) string { return k.file })
		for _, name := range names {
			t := tallies[name]
			r.Requests += t.n
			g := newGroup(name, label, t)
			g.Apart = label == Benign && listed(opt.Apart, name)
			r.Files = append(r.Files, g)
			switch {
			case label == Attack:
				attacks = append(attacks, t)
			case !g.Apart:
				benign = append(benign, t)
			}
			if label == Benign && listed(opt.Headline, name) {
				headline = append(headline, t)
				r.Headline = append(r.Headline, name)
			}
		}
		names, tallies = c.group(label, func(k key) string { return k.category })
		for _, name := range names {
			r.Categories = append(r.Categories, newGroup(name, label, tallies[name]))
		}
	}
	for _, level := range levels {
		r.Macro[level.Name()] = averages(level, attacks, benign, headline)
	}
	if len(headline) > 0 && len(attacks) > 0 {
		for _, target := range []float64{0.01, 0.001, 0.0001} {
			r.Points = append(r.Points, operatingPoint(target, attacks, headline))
		}
	}
	return r
}

// listed says whether a file is named in a list, with or without its prefix.
func listed(list []string, name string) bool {
	return slices.Contains(list, name) || slices.Contains(list, strings.TrimPrefix(name, "benign_"))
}

func newGroup(name, label string, t *Tally) Group {
	g := Group{Name: name, Label: label, Requests: t.n, Rates: map[string]Rate{}}
	for _, level := range levels {
		g.Rates[level.Name()] = newRate(t.reached[level], t.n)
	}
	return g
}

func newRate(k, n int) Rate {
	low, high := Wilson(k, n)
	return Rate{Count: k, Rate: float64(k) / float64(max(n, 1)), Low: low, High: high}
}

func averages(level core.Confidence, attacks, benign, headline []*Tally) Averages {
	share := func(t *Tally) float64 { return float64(t.reached[level]) / float64(t.n) }
	a := Averages{TPR: mean(attacks, share), FPR: mean(benign, share), HeadlineFPR: mean(headline, share)}
	if a.TPR != nil && a.FPR != nil {
		balanced := (*a.TPR + 1 - *a.FPR) / 2
		a.Balanced = &balanced
	}
	if len(headline) > 0 {
		pooled := pool(headline)
		rate := newRate(pooled.reached[level], pooled.n)
		a.HeadlinePooled = &rate
	}
	return a
}

func pool(tallies []*Tally) *Tally {
	sum := &Tally{}
	for _, t := range tallies {
		sum.merge(t)
	}
	return sum
}

// mean is the mean of f over the tallies, nil when there are none.
func mean(tallies []*Tally, f func(*Tally) float64) *float64 {
	if len(tallies) == 0 {
		return nil
	}
	sum := 0.0
	for _, t := range tallies {
		sum += f(t)
	}
	sum /= float64(len(tallies))
	return &sum
}

func operatingPoint(target float64, attacks, headline []*Tally) Point {
	pooled := pool(headline)
	p := Point{Target: target, Score: maxScore + 1}
	for p.Score > 1 && float64(pooled.atLeast(p.Score-1)) <= target*float64(pooled.n) {
		p.Score--
	}
	p.FPR = float64(pooled.atLeast(p.Score)) / float64(pooled.n)
	p.TPR = *mean(attacks, func(t *Tally) float64 { return float64(t.atLeast(p.Score)) / float64(t.n) })
	return p
}
