package train

import (
	"math"
	"math/rand"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
)

// TestQuantile checks the definition: at most a share q reaches the threshold,
// and one less would let more than q through.
func TestQuantile(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for trial := 0; trial < 300; trial++ {
		scores := make([]int, 1+r.Intn(200))
		for i := range scores {
			scores[i] = r.Intn(50) - 25
		}
		for _, q := range []float64{0, 0.0001, 0.01, 0.1, 0.5, 0.99, 1} {
			threshold := Quantile(scores, q)
			reach := func(threshold int) (n int) {
				for _, s := range scores {
					if s >= threshold {
						n++
					}
				}
				return n
			}
			if float64(reach(threshold)) > q*float64(len(scores)) {
				t.Errorf("%d of %d reach %d, more than %f", reach(threshold), len(scores), threshold, q)
			}
			if q < 1 && float64(reach(threshold-1)) <= q*float64(len(scores)) {
				t.Errorf("q %f: %d would do as well as %d", q, threshold-1, threshold)
			}
		}
	}
}

// TestQuantized compares the scores of the tables with those of the fit on all
// values of the corpus. Each of n features of a run may be off by half a unit;
// the two may choose different runs, both within that bound of the best.
func TestQuantized(t *testing.T) {
	set := load(t)
	o := options()
	fold := SiteFolds(set, o.Folds, false)
	forms := MakeForms(set, uint32(o.Flags))
	in := MakeInstances(set, forms, fold, o.Negative)
	f := fitFold(&o, in, ^uint32(0), o.Seed)
	tab := f.Tables(in, wide())
	tab.Name, tab.Version, tab.Created, tab.Kind = "t", "1", "2026-11-22", "basic"
	for l := range tab.Levels {
		tab.Levels[l] = [model.Levels]int{1, 2, 3}
	}
	clipped := 0
	for i, w := range f.W {
		switch q := float64(tab.Weights[i]); {
		case math.Abs(float64(w)*Scale) > 127.5:
			clipped++
		case math.Abs(q-float64(w)*Scale) > 0.5001:
			t.Fatalf("slot %d: %f becomes %f", i, float64(w)*Scale, q)
		}
	}
	if clipped > 0 {
		t.Fatalf("%d weights clipped: the corpus is no test of rounding", clipped)
	}
	m := loadTables(t, tab)
	s := model.NewScorer(m, maxValueText)
	var h kernel.Hits
	compared := 0
	for i := range set.Values {
		v := &set.Values[i]
		// longer ones lose their beginning to the scorer's regions
		if len(v.Text) < 3 || len(v.Text) > 100 {
			continue
		}
		kernel.Scan([]byte(v.Text), m.Gate(), &h)
		raw := s.Score([]byte(v.Text), &h, v.Flags)
		want := float64(f.Score(&forms[i])) * Scale
		if raw == model.Clean {
			raw = tab.Bias
		}
		bound := 0.5*float64(len(f.feats)) + 35
		if math.Abs(float64(raw)-want) > bound {
			t.Errorf("%q scores %d in the tables, %f in the fit", v.Text, raw, want)
		}
		compared++
	}
	if compared < 100 {
		t.Errorf("%d values compared", compared)
	}
}
