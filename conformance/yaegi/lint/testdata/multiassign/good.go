package sample

type pair struct {
	list []int
	n    int
	next *pair
}

func grow(p *pair, list []int) int {
	list, n := append(list, 1), twice(1)
	list, p.n = split(list)
	p.list = nil
	p.next = nil
	p.n, n = n, p.n
	p.n, n = int(int64(n)), n+1
	p.list, n = list[:0], 7
	return n
}

func twice(n int) int { return 2 * n }

func split(list []int) ([]int, int) { return list[:1], len(list) + 1 }
