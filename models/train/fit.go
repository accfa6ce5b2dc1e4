package train

import (
	"math"
	"math/rand"

	"github.com/glacis-waf/glacis/core/model"
)

// Instance is one bag of values: the decoded forms of an attack value, of
// which one at least is hostile, or a single benign value.
type Instance struct {
	Forms  []Form
	Attack bool
	Weight float32
	// Folds is the set of folds the instance belongs to, bit 31 for none: it is
	// left out of a fold's training when it has no other bit.
	Folds uint32
	// Shared is the set of folds in whose files the attack occurs, its own
	// included: it is not trained on when one of them is left out.
	Shared uint32
	// File and Family say where an attack is from and what it is.
	File   string
	Family model.Family
	// Value indexes Set.Values.
	Value int32
}

// Form is one decoded form of a value: its symbols and what was undone.
type Form struct {
	Symbols []uint8
	Flags   uint32
}

// Fit holds the weights while they are fitted.
type Fit struct {
	W     []float32
	grad  []float32
	sum   []float32 // of the passes to average
	added float32
	Flag  [32]float32
	gradF [32]float32
	Bias  float32
	Rate  float32
	L2    float32
	// Drop is the share of an attack's features that are left out each time it
	// is learned from.
	Drop float64
	// work space
	g     model.Grams
	stamp []uint64
	epoch uint64
	feats []uint32
	left  []uint32
	coins uint64
	rest  []uint8
}

// NewFit makes a Fit with n weights.
func NewFit(n int) *Fit {
	return &Fit{W: make([]float32, n), grad: make([]float32, n), Rate: 0.15, Bias: -4,
		stamp: make([]uint64, model.StampSize), coins: 0x9E3779B97F4A7C15}
}

// best finds the run of features with the largest sum, by the rules of
// model.Scorer: each feature counts once in a run, and a run ends when its sum
// falls to nothing or model.Drop below its peak. It fills f.feats with the
// features in order and returns the bounds of the run in it.
func (f *Fit) best(symbols []uint8) (top float32, from, to int) {
	f.feats = f.feats[:0]
	f.g.Reset()
	f.epoch++
	var out [model.MaxStep]uint32
	slots := len(f.W)
	var s, peak float32
	start := 0
	for i := 0; i <= len(symbols); i++ {
		n := 0
		if i < len(symbols) {
			n = f.g.Step(symbols[i], &out)
		} else {
			n = f.g.Finish(&out)
		}
		for k := 0; k < n; k++ {
			h := out[k]
			tag := f.epoch<<32 | uint64(h)
			at := h & model.StampMask
			if f.stamp[at] == tag || f.stamp[at+1] == tag {
				continue
			}
			f.stamp[at+1] = f.stamp[at]
			f.stamp[at] = tag
			x := model.Slot(h, slots)
			f.feats = append(f.feats, x)
			s += f.W[x]
		}
		if s <= 0 || s <= peak-model.Drop {
			s, peak = 0, 0
			start = len(f.feats)
			f.epoch++
		} else if s > peak {
			peak = s
			if s > top {
				top, from, to = s, start, len(f.feats)
			}
		}
	}
	return top, from, to
}

// Score returns the log-odds of a form and whether any run was positive.
func (f *Fit) Score(x *Form) float32 {
	s, from, to := f.best(x.Symbols)
	if from == to {
		return f.Bias
	}
	return s + f.Bias + f.flags(x.Flags)
}

func (f *Fit) flags(flags uint32) (s float32) {
	for i := 0; flags != 0; i++ {
		if flags&1 != 0 {
			s += f.Flag[i]
		}
		flags >>= 1
	}
	return s
}

// An instance that a pass found to be right beyond doubt rests for the next
// passes: there is nothing to learn from it.
const (
	sure, restSure         = 1e-3, 2
	certain, restOfCertain = 1e-4, 4
)

// Epoch takes one pass over the instances in random order; they must be the
// same ones in every pass.
func (f *Fit) Epoch(in []Instance, r *rand.Rand, first bool) (loss float64) {
	order := r.Perm(len(in))
	if len(f.rest) != len(in) {
		f.rest = make([]uint8, len(in))
	}
	for _, i := range order {
		if f.rest[i] > 0 {
			f.rest[i]--
			continue
		}
		l := f.learn(&in[i], first)
		loss += float64(l)
		switch l /= in[i].Weight; {
		case l < certain:
			f.rest[i] = restOfCertain
		case l < sure:
			f.rest[i] = restSure
		}
	}
	return loss / float64(len(in))
}

// Keep adds the weights as they are to those that Average averages.
func (f *Fit) Keep() {
	if f.sum == nil {
		f.sum = make([]float32, len(f.W))
	}
	for i, w := range f.W {
		f.sum[i] += w
	}
	f.added++
}

// Average replaces the weights by the mean of those kept, if there are any. The
// last pass alone leans towards what it saw last.
func (f *Fit) Average() {
	for i := range f.sum {
		f.W[i] = f.sum[i] / f.added
	}
}

// thin leaves out features of a run at random and returns the others with
// their sum. An attack has to be recognised by any part of its features, so
// that none comes to rest on a few.
func (f *Fit) thin(run []uint32) ([]uint32, float32) {
	f.left = f.left[:0]
	s := float32(0)
	for _, k := range run {
		f.coins ^= f.coins << 13 // Marsaglia's xorshift
		f.coins ^= f.coins >> 7
		f.coins ^= f.coins << 17
		if float64(f.coins>>40) >= f.Drop*(1<<24) {
			f.left = append(f.left, k)
			s += f.W[k]
		}
	}
	return f.left, s
}

func (f *Fit) learn(in *Instance, first bool) float32 {
	pick := 0
	if len(in.Forms) > 1 {
		top := float32(math.Inf(-1))
		for i := range in.Forms {
			if s := f.Score(&in.Forms[i]); s > top {
				top, pick = s, i
			}
		}
		if first {
			pick = len(in.Forms) - 1
		}
	}
	x := &in.Forms[pick]
	s, from, to := f.best(x.Symbols)
	z := s + f.Bias
	if from == to || first {
		if !in.Attack && !first {
			return 0
		}
		from, to = 0, len(f.feats)
		s = 0
		for _, k := range f.feats {
			s += f.W[k]
		}
		z = s + f.Bias
	}
	run := f.feats[from:to]
	if in.Attack && f.Drop > 0 && !first {
		run, s = f.thin(run)
		z = s + f.Bias
	}
	z += f.flags(x.Flags)
	y := float32(0)
	if in.Attack {
		y = 1
	}
	p := float32(1 / (1 + math.Exp(-float64(z))))
	g := (p - y) * in.Weight
	if g > -1e-4 && g < 1e-4 {
		return 0
	}
	g2 := g * g
	rate, edges := f.Rate, model.EdgeSlots(len(f.W))
	for _, k := range run {
		f.grad[k] += g2
		f.W[k] -= rate * (g + f.L2*f.W[k]) / (1 + float32(math.Sqrt(float64(f.grad[k]))))
		if k >= edges && f.W[k] > model.EdgeCap {
			f.W[k] = model.EdgeCap
		}
	}
	fl := x.Flags
	for i := 0; fl != 0; i++ {
		if fl&1 != 0 {
			f.gradF[i] += g2
			f.Flag[i] -= 0.05 * g / (1 + float32(math.Sqrt(float64(f.gradF[i]))))
		}
		fl >>= 1
	}
	if in.Attack {
		return -in.Weight * float32(math.Log(float64(p)+1e-9))
	}
	return -in.Weight * float32(math.Log(1-float64(p)+1e-9))
}
