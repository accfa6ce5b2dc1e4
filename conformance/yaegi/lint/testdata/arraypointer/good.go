package sample

func sum(table *[4]int) int {
	n := 0
	for _, v := range table[:] {
		n += v
	}
	return n
}
