package sample

func count(n int) int {
	m := 0
	for i := 0; i < n; i++ {
		m += i
	}
	return m
}
