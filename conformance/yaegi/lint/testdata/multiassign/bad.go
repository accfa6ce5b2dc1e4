package sample

type pair struct {
	list []int
	n    int
	next *pair
}

func grow(p *pair, list []int) int {
	n := 1
	list, n = append(list, n), n+1 // want
	p.n, n = n, len(list)          // want
	p.list, p.next = nil, nil      // want want
	p.n, n = twice(n)+1, 2         // want
	return n
}

func twice(n int) int { return 2 * n }
