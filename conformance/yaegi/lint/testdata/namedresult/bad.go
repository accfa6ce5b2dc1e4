package sample

import "strconv"

func count(b []byte) (n int) {
	for range b {
		n++ // want
	}
	return n
}

func grow(b []byte) (out []byte) {
	out = append(out, b...) // want
	return out
}

func parse(s string) (n int, err error) {
	if s == "" {
		return // want
	}
	n, err = strconv.Atoi(s)
	return n, err
}

func swap(x int) (a, b int) {
	a = x
	b = 2
	return b, a // want
}

func inner() func(int) int {
	return func(v int) (r int) {
		r += v // want
		return r
	}
}
