package sample

type flags uint32

const (
	changed flags = 1 << iota
	spliced
	wide
	high
	both = changed | spliced
)

func check(f flags) (bool, bool, bool, bool) {
	one := f == changed|spliced    // want
	two := f&both != both          // want
	three := (changed | wide) == f // want
	four := f&spliced == spliced   // want
	return one, two, three, four
}
