package sample

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func clamp(a int) int { return min(a, 9) }
