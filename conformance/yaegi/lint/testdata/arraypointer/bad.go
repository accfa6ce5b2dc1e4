package sample

func sum(table *[4]int) (n int) {
	for _, v := range table { // want
		n += v
	}
	return n
}
