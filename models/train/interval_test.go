package train

import (
	"math"
	"testing"
)

// TestWilson compares with intervals computed by hand from the formula of
// Wilson (1927): for k = 0 the upper bound is z²/(n+z²), and so on.
func TestWilson(t *testing.T) {
	const z2 = 1.959964 * 1.959964
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 0, 0, 1},
		{0, 10, 0, z2 / (10 + z2)},
		{10, 10, 10 / (10 + z2), 1},
		{0, 1000, 0, z2 / (1000 + z2)},
		{5, 10, 0.236593, 0.763407},
		{50, 100, 0.403832, 0.596168},
		{1, 10, 0.017876, 0.404150},
		{81, 263, 0.255280, 0.366245}, // Newcombe, Statistics in Medicine 17 (1998), table I: 0.2553 to 0.3662
	} {
		low, high := Wilson(c.k, c.n)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.6f to %.6f, want %.6f to %.6f", c.k, c.n, low, high, c.low, c.high)
		}
	}
	for n := 1; n < 60; n++ {
		for k := 0; k <= n; k++ {
			low, high := Wilson(k, n)
			p := float64(k) / float64(n)
			if low > p+1e-12 || high < p-1e-12 || low < -1e-12 || high > 1+1e-12 {
				t.Errorf("%d of %d: %f to %f", k, n, low, high)
			}
		}
	}
}

// TestBootstrap compares with the binomial distribution: the mean of n draws of
// 0 or 1, half of each, has its 2.5 % points where the binomial has them.
func TestBootstrap(t *testing.T) {
	const n = 400
	mean := func(d draw) float64 {
		sum := 0
		for _, i := range d(n) {
			sum += i & 1
		}
		return float64(sum) / n
	}
	s := bootstrap(mean)
	half := 1.96 * math.Sqrt(0.25/n)
	if s.rate != 0.5 || math.Abs(s.low-(0.5-half)) > 0.005 || math.Abs(s.high-(0.5+half)) > 0.005 {
		t.Errorf("%+v, want 0.5 ± %f", s, half)
	}
	if again := bootstrap(mean); again != s {
		t.Errorf("%+v, then %+v", s, again)
	}
	if s := bootstrap(func(draw) float64 { return 0.7 }); s != (share{0.7, 0.7, 0.7}) {
		t.Errorf("a constant varies: %+v", s)
	}
}
