package sample

import (
	"net/http" // want
	"slices"   // want
)

func has(codes []int) bool { return slices.Contains(codes, http.StatusOK) }
