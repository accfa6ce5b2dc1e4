package train

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Wilson returns the 95 % score interval of k successes in n trials (Wilson,
// JASA 22, 1927).
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := p + z*z/(2*m)
	dev := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = (mid-dev)/(1+z*z/m), (mid+dev)/(1+z*z/m)
	if k == 0 { // exact, where rounding would leave a trace
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}

// resamples is how often bootstrap draws.
const resamples = 2000

// draw gives n numbers below n.
type draw func(n int) []int

// whole draws each number once.
func whole(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// bootstrap returns a statistic of things of which each is taken once, and its
// 95 % percentile interval over samples drawn with replacement (Efron, Annals
// of Statistics 7, 1979). The draws are the same every time.
func bootstrap(of func(draw) float64) share {
	r := rand.New(rand.NewPCG(1979, 1))
	again := func(n int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = r.IntN(n)
		}
		return out
	}
	values := make([]float64, resamples)
	for i := range values {
		values[i] = of(again)
	}
	slices.Sort(values)
	const tail = resamples / 40
	return share{rate: of(whole), low: values[tail], high: values[resamples-1-tail]}
}
