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
	Bits  uint
	W     []float32
	grad  []float32
	Flag  [32]float32
	gradF [32]float32
	Bias  float32
	Leak  float32
	Rate  float32
	L2    float32
	// work space
	g     model.Grams
	stamp []uint64
	epoch uint64
	feats []uint32
}

// NewFit makes a Fit with 2^bits weights.
func NewFit(bits uint) *Fit {
	return &Fit{Bits: bits, W: make([]float32, 1<<bits), grad: make([]float32, 1<<bits), Rate: 0.15, Bias: -4,
		stamp: make([]uint64, model.StampSize)}
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
	shift := 32 - f.Bits
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
			if f.stamp[h%model.StampSize] == tag {
				continue
			}
			f.stamp[h%model.StampSize] = tag
			x := h >> shift
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

// Epoch takes one pass over the instances in random order.
func (f *Fit) Epoch(in []Instance, r *rand.Rand, first bool) (loss float64) {
	order := r.Perm(len(in))
	for _, i := range order {
		loss += float64(f.learn(&in[i], first))
	}
	return loss / float64(len(in))
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
	rate, edges := f.Rate, model.EdgeSlots(f.Bits)
	for _, k := range f.feats[from:to] {
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
