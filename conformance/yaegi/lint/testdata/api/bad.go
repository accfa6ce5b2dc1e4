package sample

import (
	"strings"
	"sync"
)

var seen sync.Map

func fields(s string) {
	lines := strings.Lines(s) // want
	_ = lines
	seen.Clear() // want
}
