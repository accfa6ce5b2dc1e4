// Package eval measures a model on labelled requests: rates per file and
// category at each confidence, with intervals, and averages over files.
package eval

import (
	"path/filepath"
	"sort"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// The labels.
const (
	Attack = "attack"
	Benign = "benign"
)

// maxScore is the highest score of a verdict.
const maxScore = 100

// Tally counts verdicts of requests that belong together.
type Tally struct {
	n int
	// reached counts the requests per confidence that reached at least it.
	reached [core.ConfidenceCritical + 1]int
	// scores is the histogram of scores.
	scores [maxScore + 1]int
}

func (t *Tally) add(v core.Verdict) {
	t.n++
	for c := core.ConfidenceNone; c <= v.Confidence; c++ {
		t.reached[c]++
	}
	t.scores[min(max(v.Score, 0), maxScore)]++
}

func (t *Tally) merge(o *Tally) {
	t.n += o.n
	for i := range o.reached {
		t.reached[i] += o.reached[i]
	}
	for i := range o.scores {
		t.scores[i] += o.scores[i]
	}
}

// atLeast counts the requests with that score or more.
func (t *Tally) atLeast(score int) int {
	n := 0
	for s := score; s <= maxScore; s++ {
		n += t.scores[s]
	}
	return n
}

// key names one tally.
type key struct{ label, file, category string }

// Counter collects verdicts. It is for one goroutine; the outcome does not
// depend on the order of Add.
type Counter struct {
	tallies map[key]*Tally
	// Unlabeled counts the requests without a label, Weak those left out
	// because they cannot be told by their value.
	Unlabeled, Weak int
}

// NewCounter returns an empty Counter.
func NewCounter() *Counter { return &Counter{tallies: map[key]*Tally{}} }

// Add counts one request of a file. The label is Attack or Benign; anything
// else is counted as unlabeled.
func (c *Counter) Add(file, label, category string, v core.Verdict) {
	if label != Attack && label != Benign {
		c.Unlabeled++
		return
	}
	k := key{label, Stem(file), category}
	t := c.tallies[k]
	if t == nil {
		t = &Tally{}
		c.tallies[k] = t
	}
	t.add(v)
}

// Stem is the name under which a file is reported: without folder, .gz, .jsonl
// and such.
func Stem(file string) string {
	name := filepath.Base(file)
	for {
		ext := filepath.Ext(name)
		switch ext {
		case ".gz", ".jsonl", ".json", ".har", ".log", ".txt":
			name = strings.TrimSuffix(name, ext)
		default:
			return name
		}
	}
}

// group adds up the tallies of one label under names made by by.
func (c *Counter) group(label string, by func(key) string) (names []string, tallies map[string]*Tally) {
	tallies = map[string]*Tally{}
	for k, t := range c.tallies {
		if k.label != label {
			continue
		}
		name := by(k)
		if tallies[name] == nil {
			tallies[name] = &Tally{}
			names = append(names, name)
		}
		tallies[name].merge(t)
	}
	sort.Strings(names)
	return names, tallies
}
