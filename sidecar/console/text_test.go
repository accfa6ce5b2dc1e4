package console

import (
	"testing"
	"time"
)

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"a b": "a b", "Й": "Й", "a\nb": `a\x0ab`, "\x1b[2J": `\x1b[2J`, "\u202eevil": `\u202eevil`, "\xff": `\xff`, "\u200b": `\u200b`, "<b>": "<b>", "": "",
	} {
		if got := shown(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := lines("a: b\nc\u202e\t"); got != "a: b\nc\\u202e\\x09" {
		t.Errorf("%q", got)
	}
}

func TestClass(t *testing.T) {
	for in, want := range map[string]string{"block": "block", "fail_open": "fail_open", "": "other", "a b": "other", "x\u202e": "other", "a-b": "other"} {
		if got := class(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestTimes(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]string{0: "now", 30 * time.Second: "30 s ago", 5 * time.Minute: "5 min ago", 3 * time.Hour: "3 h ago", 100 * time.Hour: "4 days ago", -time.Hour: "now"} {
		if got := since(now, now.Add(-ago)); got != want {
			t.Errorf("%v: %s", ago, got)
		}
	}
	if since(now, time.Time{}) != "never" || at(time.Time{}) != "never" || at(time.Unix(0, 0)) != "never" || at(now) != "2026-11-22 10:00:00" || stamp(now) != "2026-11-22T10:00:00Z" {
		t.Error(since(now, time.Time{}), at(time.Time{}), at(now), stamp(now))
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[any]string{0: "0", 999: "999", 1000: "1 000", uint64(1234567): "1 234 567", -1000: "-1 000", -100: "-100"} {
		if got := number(in); got != want {
			t.Errorf("%v: %q", in, got)
		}
	}
	if plural(1, "event") != "1 event" || plural(2000, "event") != "2 000 events" {
		t.Error(plural(1, "event"), plural(2000, "event"))
	}
}

func TestLink(t *testing.T) {
	if got := link("events", "a", "x&y", "b", ""); got != "/console/events?a=x%26y" {
		t.Error(got)
	}
	if got := link("events", "b", ""); got != "/console/events" {
		t.Error(got)
	}
}
