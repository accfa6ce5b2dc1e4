package node

import "testing"

func TestStateOf(t *testing.T) {
	for _, c := range []struct {
		applied, idle int64
		expired       bool
		want          string
	}{{0, 0, false, "unused"}, {1, 9, false, "needed"}, {0, 9, false, "no longer needed"}, {5, 5, true, "expired"}} {
		if got := StateOf(c.applied, c.idle, c.expired); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
