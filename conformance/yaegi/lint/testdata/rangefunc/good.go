package sample

func walk(seq func(yield func(int) bool)) int {
	n := 0
	seq(func(v int) bool {
		n += v
		return true
	})
	return n
}
