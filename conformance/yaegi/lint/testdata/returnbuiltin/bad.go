package sample

func head(list []int) ([]int, int) { return list[:1], len(list) } // want

func more(list []int) (int, []int, int) {
	return 7, append(list, 1), cap(list) // want want
}
