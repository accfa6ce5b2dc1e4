package store

import "testing"

func TestNextWindow(t *testing.T) {
	const period = 144
	for name, c := range map[string]struct {
		window, clock int64
		passed        bool
		want          int64
	}{
		"first":                       {0, 1000, false, 1000},
		"the same":                    {1000, 1000, false, 1000},
		"the same, slow clock":        {1000, 1000, true, 1000},
		"next":                        {1000, 1001, true, 1001},
		"after a night off":           {1000, 1050, false, 1050},
		"jump ahead":                  {1000, 1_000_000, false, 1000},
		"jump ahead, time has passed": {1000, 1_000_000, true, 1000 + period},
		"behind":                      {1000, 900, false, 1000},
		"behind, time has passed":     {1000, 900, true, 1001},
	} {
		if got := nextWindow(c.window, c.clock, period, c.passed); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// A clock that jumps a year ahead and back again costs nothing that was known.
func TestClockJumps(t *testing.T) {
	c := newClock()
	s := open(t, settings(t.TempDir(), c))
	defer s.Close()
	for i := range 3 {
		publish(t, s, makeBatch(i, 300, 1))
		closeWindow(t, c, s)
	}
	known := func() int {
		n := 0
		for _, p := range s.owned() {
			n += len(p.learner.Content(0).Params)
		}
		return n
	}
	before := s.owned()[0].window.Load()
	c.add(365 * 24 * 60 * window)
	publish(t, s, makeBatch(50, 10, 1))
	applied(t, s)
	c.add(-365 * 24 * 60 * window)
	for range 4 { // time goes on while the clock is behind what was learned
		c.add(window)
		publish(t, s, makeBatch(51, 10, 1))
		applied(t, s)
	}
	eventually(t, "windows close", func() bool { return s.owned()[0].window.Load() > before })
	if known() != 1 {
		t.Error("knowledge is gone")
	}
}
