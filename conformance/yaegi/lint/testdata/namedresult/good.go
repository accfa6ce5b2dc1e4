package sample

import "strconv"

func count(b []byte) (n int) {
	n = 0
	for range b {
		n++
	}
	return n
}

func parse(s string) (n int, err error) {
	if s == "" {
		return 0, nil
	}
	n, err = strconv.Atoi(s)
	if err != nil {
		return 0, err
	}
	return n, err
}

func documented(b []byte) (length int, empty bool) {
	return len(b), len(b) == 0
}

func cut(b []byte) (head, tail []byte) {
	head, tail = b[:1], b[1:]
	each := func() { return }
	each()
	return
}

func either(x int) (n int, ok bool) {
	if m := x * 2; m > 3 {
		n = m
	} else {
		n = 1
	}
	for ok = false; !ok; ok = true {
		n++
	}
	return n, ok
}

func chosen(x int) (n int) {
	switch {
	case x > 0:
		n = 1
	case x < -9:
		panic("low")
	default:
		n = 2
	}
	return n
}

func early(b []byte) (at int, found bool) {
	for i, c := range b {
		if c == ' ' {
			at, found = i, true
			return at, found
		}
	}
	return 0, false
}

func shadowed(b []byte) (head []byte, n int) {
	m, n := 1, len(b)
	return b[:m], n
}

func until(b []byte, i int) (to, next int) {
	for {
		to = i + 1
		i++
		if i >= len(b) {
			break
		}
	}
	return to, i
}
