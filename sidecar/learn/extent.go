package learn

// extent is the first and the last window in which something was seen, 0 for
// never. It joins, by minimum and maximum.
type extent struct{ first, last int64 }

// span widens the extent.
func (x *extent) span(first, last int64) {
	if x.first == 0 || first != 0 && first < x.first {
		x.first = first
	}
	x.last = max(x.last, last)
}

// code reads or writes the extent.
func (x *extent) code(c *coder) {
	number(c, &x.first)
	number(c, &x.last)
}
