package eval

import "math"

// z is the quantile of the normal distribution for 95 %.
const z = 1.959963984540054

// Wilson returns the 95 % score interval of a rate of k in n (E. B. Wilson,
// "Probable inference, the law of succession, and statistical inference",
// JASA 22, 1927). It is right for rates near 0 and 1, where the usual ± is not.
// For n = 0 it is 0 to 1: nothing is known.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	p, m := float64(k)/float64(n), float64(n)
	center := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	low, high = (center-half)/scale, (center+half)/scale
	if k == 0 { // exact, where rounding would leave a trace
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}
