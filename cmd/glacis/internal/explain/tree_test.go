package explain

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func TestPrefixes(t *testing.T) {
	for _, c := range []struct {
		depths []int
		want   string
	}{
		{nil, ""},
		{[]int{0}, "└─ "},
		{[]int{0, 0}, "├─ |└─ "},
		{[]int{0, 1, 0}, "├─ |│  └─ |└─ "},
		{[]int{0, 1, 2, 1, 0, 1}, "├─ |│  ├─ |│  │  └─ |│  └─ |└─ |   └─ "},
		{[]int{3, 9, -4}, "├─ |│  └─ |└─ "}, // depths that cannot be are made to fit
	} {
		steps := make([]core.Step, len(c.depths))
		for i, d := range c.depths {
			steps[i].Depth = d
		}
		head, body := prefixes(steps)
		if got := strings.Join(head, "|"); got != c.want {
			t.Errorf("%v:\n%s\nwant\n%s", c.depths, got, c.want)
		}
		if len(body) != len(steps) {
			t.Errorf("%v: %d bodies", c.depths, len(body))
		}
	}
}

// FuzzPrefixes checks that any sequence of depths draws a tree: each head ends
// in a branch, and a branch that is no last one goes on below.
func FuzzPrefixes(f *testing.F) {
	f.Add([]byte{0, 1, 2, 200, 1, 0})
	f.Fuzz(func(t *testing.T, depths []byte) {
		steps := make([]core.Step, len(depths))
		for i, d := range depths {
			steps[i].Depth = int(d)
		}
		head, body := prefixes(steps)
		for i := range head {
			goesOn := strings.HasSuffix(head[i], branch)
			if !goesOn && !strings.HasSuffix(head[i], lastOne) {
				t.Fatalf("%q is no branch", head[i])
			}
			if goesOn != strings.HasSuffix(body[i], through) || goesOn && i == len(head)-1 {
				t.Fatalf("%q is followed by %q", head[i], body[i])
			}
		}
	})
}
