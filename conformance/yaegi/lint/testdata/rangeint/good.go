package sample

func count(n int) (m int) {
	for i := 0; i < n; i++ {
		m += i
	}
	return m
}
