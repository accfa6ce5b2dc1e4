package sample

import (
	"strings"
	"sync"
)

var seen sync.Map

func fields(s string) int {
	seen.Store(s, true)
	return len(strings.Split(s, "\n"))
}
