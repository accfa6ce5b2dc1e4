package sample

func clamp(a, b int, m map[string]int) int {
	clear(m)                 // want
	return min(a, max(b, 0)) // want want
}
