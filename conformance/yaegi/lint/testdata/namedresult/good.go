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
