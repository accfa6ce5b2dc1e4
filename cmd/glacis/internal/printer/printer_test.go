package printer

import (
	"errors"
	"strings"
	"testing"
)

// narrow takes so many writes and fails then.
type narrow struct {
	strings.Builder
	left int
}

var errFull = errors.New("full")

func (n *narrow) Write(b []byte) (int, error) {
	if n.left--; n.left < 0 {
		return 0, errFull
	}
	return n.Builder.Write(b)
}

func TestPrinter(t *testing.T) {
	w := &narrow{left: 2}
	p := New(w)
	for i := range 4 {
		p.Line("line %d", i)
	}
	if got := w.String(); got != "line 0\nline 1\n" || !errors.Is(p.Err(), errFull) || w.left != -1 {
		t.Errorf("%q, %v, room for %d", got, p.Err(), w.left)
	}
}
