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

func sometimes(x int) (n int) {
	if x > 0 {
		n = 1
	}
	switch x {
	case 5:
		n = 2
	}
	return n // want
}

func left(x int) (n int) {
	switch {
	case x > 0:
		if x > 3 {
			break
		}
		n = 1
	default:
		n = 2
	}
	return n // want
}

func part(x int) (a [2]int) {
	a[0] = x // want
	return a
}
