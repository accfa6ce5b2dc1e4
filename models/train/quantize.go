package train

import (
	"math"
	"sort"

	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
)

// Scale is how many units of an int8 weight are one nat of log-odds.
const Scale = 24

// Tables turns the fitted weights into a model file's tables: rounded to int8,
// every slot tagged with the family it speaks for.
func (f *Fit) Tables(in []Instance, gate *kernel.Gate) *model.Tables {
	t := &model.Tables{Scale: Scale, Bias: quantum(f.Bias)}
	t.Weights = make([]int8, len(f.W))
	for i, w := range f.W {
		q := quantum(w)
		if q > 127 {
			q = 127
		}
		if q < -127 {
			q = -127
		}
		t.Weights[i] = int8(q)
	}
	for i := range t.Flags {
		t.Flags[i] = quantum(f.Flag[i])
	}
	t.Gate = *gate
	t.Tags = f.tags(in)
	return t
}

func quantum(w float32) int { return int(math.Round(float64(w) * Scale)) }

// tags finds for every group of slots the family whose attacks have its
// features most often, weighed by how much they speak for an attack, relative
// to how many attacks the family has.
func (f *Fit) tags(in []Instance) []uint8 {
	const families = int(model.Families)
	votes := make([]float32, len(f.W)/model.TagSlots*families)
	var total [families]float32
	for i := range in {
		if in[i].Attack {
			total[in[i].Family] += in[i].Weight
		}
	}
	for i := range in {
		x := &in[i]
		if !x.Attack || x.Family == model.None {
			continue
		}
		_, form := f.bestForm(x)
		_, from, to := f.best(form.Symbols)
		// the square root keeps thin families from claiming common features
		w := x.Weight / float32(math.Sqrt(float64(total[x.Family])+1))
		for _, k := range f.feats[from:to] {
			if f.W[k] > 0 {
				votes[int(k)/model.TagSlots*families+int(x.Family)] += w * f.W[k]
			}
		}
	}
	tags := make([]uint8, len(f.W)/model.TagSlots)
	for i := range tags {
		top := float32(0)
		for k := 1; k < families; k++ {
			if v := votes[i*families+k]; v > top {
				top, tags[i] = v, uint8(k)
			}
		}
	}
	return tags
}

func (f *Fit) bestForm(x *Instance) (float32, *Form) {
	top, pick := float32(math.Inf(-1)), 0
	for i := range x.Forms {
		if s := f.Score(&x.Forms[i]); s > top {
			top, pick = s, i
		}
	}
	return top, &x.Forms[pick]
}

// Quantile returns the smallest threshold that at most a share q of the scores
// reaches.
func Quantile(scores []int, q float64) int {
	s := append([]int(nil), scores...)
	sort.Sort(sort.Reverse(sort.IntSlice(s)))
	k := int(q * float64(len(s)))
	if k >= len(s) {
		return s[len(s)-1] + 1
	}
	return s[k] + 1
}
