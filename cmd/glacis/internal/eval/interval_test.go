package eval

import (
	"math"
	"testing"
)

// TestWilson compares with R: prop.test(k, n, correct = FALSE)$conf.int.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 0, 0, 1},
		{0, 10, 0, 0.2775328},
		{10, 10, 0.7224672, 1},
		{5, 10, 0.2365931, 0.7634069},
		{1, 1000, 0.0001765477, 0.0056424259},
	} {
		low, high := Wilson(c.k, c.n)
		if math.Abs(low-c.low) > 1e-6 || math.Abs(high-c.high) > 1e-6 {
			t.Errorf("%d of %d: %.7f to %.7f, want %.7f to %.7f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

// TestWilsonHoldsRate checks that the interval holds the rate, lies in 0 to 1
// and shrinks as the numbers grow.
func TestWilsonHoldsRate(t *testing.T) {
	for n := 1; n < 200; n++ {
		for k := 0; k <= n; k++ {
			low, high := Wilson(k, n)
			p := float64(k) / float64(n)
			if low < 0 || high > 1 || p < low || p > high {
				t.Fatalf("%d of %d: %g to %g", k, n, low, high)
			}
			if l, h := Wilson(10*k, 10*n); h-l >= high-low {
				t.Fatalf("%d of %d: ten times the data is no narrower", k, n)
			}
		}
	}
}
