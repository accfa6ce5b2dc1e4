package train

import (
	"math"
	"math/rand"
	"testing"

	"github.com/glacis-waf/glacis/core/model"
)

// bag makes an instance of one form.
func bag(text string, attack bool) Instance {
	return Instance{Forms: []Form{{Symbols: model.Normalize(nil, []byte(text))}}, Attack: attack, Weight: 1}
}

// TestRest checks that an instance without doubt rests, and comes back.
func TestRest(t *testing.T) {
	f := NewFit(1 << 12)
	f.Bias = -20 // an honest value is certain from the start
	in := []Instance{bag("wool blanket", false)}
	r := rand.New(rand.NewSource(1))
	f.Epoch(in, r, true)
	for pass := restOfCertain; pass > 0; pass-- {
		if int(f.rest[0]) != pass {
			t.Fatalf("%d passes to rest, not %d", f.rest[0], pass)
		}
		f.Epoch(in, r, false)
	}
	if f.rest[0] != 0 {
		t.Errorf("%d passes to rest after all of them", f.rest[0])
	}
}

// TestThin checks that the features left are some of the run, that about the
// share asked for is left out, and that the sum is theirs.
func TestThin(t *testing.T) {
	f := NewFit(1 << 12)
	f.Drop = 0.3
	run := make([]uint32, 1000)
	for i := range run {
		run[i] = uint32(i)
		f.W[i] = float32(i)
	}
	for range 20 {
		left, sum := f.thin(run)
		want, last := float32(0), -1
		for _, k := range left {
			if int(k) <= last {
				t.Fatalf("feature %d after %d", k, last)
			}
			last = int(k)
			want += f.W[k]
		}
		if len(left) < 600 || len(left) > 800 || math.Abs(float64(sum-want)) > 1 {
			t.Errorf("%d features are left with a sum of %f, not %f", len(left), sum, want)
		}
	}
}

// TestAverage checks that the weights become the mean of those kept, and stay
// as they are if none were.
func TestAverage(t *testing.T) {
	f := NewFit(1 << 12)
	f.W[7] = 3
	f.Average()
	if f.W[7] != 3 {
		t.Errorf("weight %f without any kept", f.W[7])
	}
	f.Keep()
	f.W[7] = 5
	f.Keep()
	f.W[7] = 100
	f.Average()
	if f.W[7] != 4 {
		t.Errorf("mean %f", f.W[7])
	}
}

// TestDropSpreads fits one attack with and without leaving features out: with,
// half of its features alone are recognised better.
func TestDropSpreads(t *testing.T) {
	half := func(drop float64) float32 {
		f := NewFit(1 << 12)
		f.Drop = drop
		in := []Instance{bag("x' union select pin from badges", true), bag("wool blanket from badges", false)}
		r := rand.New(rand.NewSource(1))
		for pass := range 60 {
			f.Epoch(in, r, pass == 0)
		}
		return f.Score(&bag("pin from", true).Forms[0]) + f.Score(&bag("' union", true).Forms[0])
	}
	if with, without := half(0.5), half(0); with <= without {
		t.Errorf("halves score %f with features left out, %f without", with, without)
	}
}
