package sample

type flags uint32

const (
	changed flags = 1 << iota
	spliced
	wide
	both = changed | spliced
)

type kind uint8

const (
	none kind = iota
	some
	all
)

const low, high = 1, 2

func check(f flags, k kind, n uint32) (bool, bool, bool) {
	one := f&spliced != 0 && f&(changed|wide) != 0
	two := f == flags(both) && k == all
	three := n == low|high && f <= both
	return one, two, three
}
