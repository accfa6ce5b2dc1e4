package sample

func sum(table *[4]int) (n int) {
	for _, v := range table[:] {
		n += v
	}
	return n
}
