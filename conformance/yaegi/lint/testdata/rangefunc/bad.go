package sample

func walk(seq func(yield func(int) bool)) (n int) {
	for v := range seq { // want
		n += v
	}
	return n
}
