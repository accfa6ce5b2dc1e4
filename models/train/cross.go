package train

import (
	"math/rand"
	"runtime"
	"sync"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

// Options are the hyper-parameters of a training run.
type Options struct {
	// Slots is the number of weights: 256 to 2^22, a multiple of 64.
	Slots  int
	Epochs int
	Folds  int
	// Reserve keeps the requests that Reserved names out of all choices: of
	// thresholds and offsets here, of options and data by whoever makes them.
	Reserve  bool
	Rate     float32
	L2       float32
	Negative float32
	// Drop is the share of an attack's features left out at a time.
	Drop float64
	// Average is of how many of the last passes the weights are averaged.
	Average int
	Flags   decode.Flags
	Gate    GateOptions
	Seed    int64
	// Generated is how many samples of every generator group are added to the
	// training data; 0 for none.
	Generated int
	// Augment adds a mutated copy of every attack.
	Augment bool
	// Log receives progress lines; nil for silence.
	Log func(format string, args ...any)
}

// BasicSlots is the size of the basic model, which makes 500 KiB with its other
// tables.
const BasicSlots = 13 << 15

// DefaultOptions trains the basic model.
func DefaultOptions() Options {
	return Options{Slots: BasicSlots, Epochs: 12, Drop: 0.3, Average: 4, Folds: 5, Rate: 0.15, Negative: 1, Gate: DefaultGate, Seed: 1, Generated: 200, Augment: true,
		Flags: decode.UnicodeEscape | decode.Overlong | decode.Control | decode.Hexed | decode.UTF7Coded |
			decode.Spliced | decode.Serialized | decode.ExternalEntity}
}

func (o *Options) logf(format string, args ...any) {
	if o.Log != nil {
		o.Log(format, args...)
	}
}

// Scores are the raw scores of one request, the highest per location kind.
type Scores [walk.Locs]int32

// usable reports whether an instance may be trained on when only the folds of
// mask are: a value when it occurs in one of them, and an attack only when it
// does not occur in the fold that is measured, which is the lowest of those
// left out (the reserve, the highest, is left out of all).
func (x *Instance) usable(mask uint32) bool {
	out := ^mask
	return x.Folds&mask != 0 && !(x.Attack && x.Shared&out&-out != 0)
}

// fitFold fits on every instance that has a bit outside of the fold's.
func fitFold(o *Options, in []Instance, mask uint32, seed int64) *Fit {
	f := NewFit(o.Slots)
	f.Rate, f.L2, f.Drop = o.Rate, o.L2, o.Drop
	use := make([]Instance, 0, len(in))
	for i := range in {
		if in[i].usable(mask) {
			use = append(use, in[i])
		}
	}
	r := rand.New(rand.NewSource(seed))
	for e := 0; e < o.Epochs; e++ {
		loss := f.Epoch(use, r, e == 0)
		if e >= o.Epochs-o.Average {
			f.Keep()
		}
		o.logf("epoch %d of %d: %d instances, loss %.5f", e+1, o.Epochs, len(use), loss)
	}
	f.Average()
	return f
}

// build makes a loadable model of a fit; its thresholds are provisional.
func build(o *Options, f *Fit, set *Set, in []Instance, mask uint32) (*model.Tables, error) {
	gate := LearnGate(set, in, mask, o.Gate)
	t := f.Tables(in, gate)
	t.Name, t.Version, t.Created, t.Kind = "unnamed", "0", "1970-01-01", "basic"
	for l := range t.Levels {
		for k := range t.Levels[l] {
			t.Levels[l][k] = k + 1
		}
	}
	return t, nil
}

// CrossValidate scores every example with a model that has not seen its source,
// using the engine's own scorer on the quantised tables. The last fold is the
// reserve: it is left out of all.
func CrossValidate(o *Options, set *Set, in []Instance, fold FoldOf) ([]Scores, error) {
	out := make([]Scores, len(set.Examples))
	folds := o.Folds
	if o.Reserve {
		folds++
	}
	errs := make([]error, folds)
	var wg sync.WaitGroup
	sem := make(chan struct{}, runtime.GOMAXPROCS(0))
	for k := 0; k < folds; k++ {
		wg.Add(1)
		sem <- struct{}{}
		go func(k int) {
			defer wg.Done()
			defer func() { <-sem }()
			mask := ^(uint32(1)<<uint(k) | uint32(1)<<uint(o.Folds))
			t, err := build(o, fitFold(o, in, mask, o.Seed+int64(k)), set, in, mask)
			if err != nil {
				errs[k] = err
				return
			}
			errs[k] = scoreAll(t, set, out, func(x *Example) bool { return fold(x) == k })
		}(k)
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// scoreAll fills the scores of the chosen examples.
func scoreAll(t *model.Tables, set *Set, out []Scores, choose func(*Example) bool) error {
	data, err := t.Encode()
	if err != nil {
		return err
	}
	m, err := model.Load(data)
	if err != nil {
		return err
	}
	s := model.NewScorer(m, maxValueText)
	var h kernel.Hits
	memo := map[int32]int32{}
	for i := range set.Examples {
		x := &set.Examples[i]
		if !choose(x) {
			continue
		}
		for l := range out[i] {
			out[i][l] = model.Clean
		}
		for _, u := range x.Uses {
			raw, ok := memo[u.Value]
			if !ok {
				v := &set.Values[u.Value]
				text := []byte(v.Text)
				kernel.Scan(text, m.Gate(), &h)
				raw = int32(s.Score(text, &h, v.Flags))
				memo[u.Value] = raw
			}
			if raw > out[i][u.Loc] {
				out[i][u.Loc] = raw
			}
		}
	}
	return nil
}
