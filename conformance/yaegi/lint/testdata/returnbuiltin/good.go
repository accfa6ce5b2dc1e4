package sample

func head(list []int) ([]int, int) {
	n := len(list)
	return list[:1], n
}

func more(list []int) ([]int, int, int) {
	return append(list, 1), len(list) + 1, twice(list)
}

func twice(list []int) int { return 2 * len(list) }
