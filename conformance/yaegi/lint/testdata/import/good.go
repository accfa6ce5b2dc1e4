package sample

import (
	"sort"
	"strings"
)

func has(codes []string) bool {
	i := sort.SearchStrings(codes, strings.ToLower("OK"))
	return i < len(codes)
}
