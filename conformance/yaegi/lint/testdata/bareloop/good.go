package sample

func third(n int) int {
	i := 0
	for {
		i += 3
		if i > n {
			break
		}
	}
	for k := i; k < n; {
		k += 2
	}
	for k := i; ; k++ {
		if k > n {
			return k
		}
	}
}
