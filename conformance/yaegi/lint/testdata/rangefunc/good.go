package sample

func walk(seq func(yield func(int) bool)) (n int) {
	seq(func(v int) bool {
		n += v
		return true
	})
	return n
}
