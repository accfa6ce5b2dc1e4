package traefik

import (
	"testing"
	"time"
)

func TestBreaker(t *testing.T) {
	var b breaker
	now := time.Unix(1000, 0)
	for i := 0; i < tripAfter; i++ {
		if !b.allow(now) {
			t.Fatalf("open after %d failures", i)
		}
		if changed := b.done(false, now); changed != (i == tripAfter-1) {
			t.Errorf("failure %d: changed %v", i, changed)
		}
	}
	if b.allow(now.Add(restFor - 1)) {
		t.Error("asked while it rests")
	}
	after := now.Add(restFor)
	if !b.allow(after) || b.allow(after) {
		t.Error("want one probe after the rest")
	}
	b.cancel()
	if !b.allow(after) {
		t.Error("a probe that was taken back may be made again")
	}
	if b.done(false, after) || b.allow(after) {
		t.Error("a failed probe: it rests again")
	}
	if later := after.Add(restFor); !b.allow(later) || !b.done(true, later) || !b.allow(later) || !b.allow(later) {
		t.Error("a good probe closes it")
	}
}
