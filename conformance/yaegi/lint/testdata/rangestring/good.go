package sample

func upper(s string, b []byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n += int(s[i])
	}
	for _, c := range b {
		n += int(c)
	}
	for _, r := range "äöü" {
		n += int(r)
	}
	return n
}
