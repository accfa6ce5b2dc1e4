package sample

import "sort"

func later(rows [][]int) []func() int {
	var out []func() int
	for i, row := range rows {
		sort.Slice(row, func(a, b int) bool { return row[a] < row[b] })
		out = append(out, keep(i))
	}
	return out
}

func keep(i int) func() int { return func() int { return i } }
