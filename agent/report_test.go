package agent

import (
	"slices"
	"testing"
	"time"
)

func TestTrouble(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 2, 0, 0, time.UTC)
	r := Report{LastSeen: now.Add(-Silence)}
	if got := r.Trouble(now); got != nil {
		t.Errorf("%q", got)
	}
	r = Report{ModelError: "unsigned", PolicyError: "3:1: unknown key", LastSeen: now.Add(-2 * Silence)}
	if got := r.Trouble(now); !slices.Equal(got, []string{"model: unsigned", "policy: 3:1: unknown key", "not heard of since 2026-11-22T10:00:00Z"}) {
		t.Errorf("%q", got)
	}
}
