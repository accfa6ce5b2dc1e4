package sample

func count(n int) (m int) {
	for i := range n { // want
		m += i
	}
	for range 3 { // want
		m++
	}
	return m
}
