package main

import (
	"strings"
	"testing"
	"time"
)

// TestChoice: what the model does not refuse is not waited for.
func TestChoice(t *testing.T) {
	for _, c := range []struct {
		act  act
		done bool
	}{
		{act{site: &site{policies: "x"}, search: "s", card: "c"}, false},
		{act{site: &site{policies: "x"}, search: "s", card: "c", learned: true}, false},
		{act{site: &site{policies: "x"}, search: "s", card: "c", learned: true, policy: "p"}, false},
		{act{site: &site{policies: "x"}, search: "s", card: "c", learned: true, policy: "p", excepted: true}, true},
		{act{site: &site{}, search: "s", card: "c", learned: true}, false},
		{act{site: &site{}, search: "s", card: "c", learned: true, policy: "p"}, true},
		{act{site: &site{policies: "x"}, learned: true}, true},
	} {
		if c.act.done() != c.done {
			t.Errorf("%+v: %v", c.act, !c.done)
		}
	}
}

func TestProgress(t *testing.T) {
	var out strings.Builder
	a := act{site: &site{name: "x"}, out: &out, search: "s", started: time.Now()}
	a.open()
	a.progress("watching", 42, 24, 0)
	a.progress("watching", 42, 24, 0)
	a.progress("settled", 100, 0, 0)
	for _, want := range []string{"refuses none of the 7 odd cards", "  0:00  watching  42 % ████░░░░░░       24 of 24             –\n", "settled  100 % ██████████        0 of 24"} {
		if strings.Count(out.String(), want) != 1 {
			t.Errorf("no %q, or more than one, in\n%s", want, &out)
		}
	}
}

// TestSidecarStarts: the sidecar of the demo answers what the second act asks.
func TestSidecarStarts(t *testing.T) {
	if testing.Short() {
		t.Skip("builds glacis")
	}
	var out strings.Builder
	site, err := start(t.Context(), &out, options{repository: "../../..", learn: true})
	if err != nil {
		t.Fatal(err)
	}
	defer site.stop()
	level, percent, err := site.side.level(t.Context())
	if err != nil || level == "" || percent != 0 {
		t.Errorf("%q %d %v", level, percent, err)
	}
	if text, err := site.side.suggestion(t.Context(), "/card"); err != nil || text != "" {
		t.Errorf("%q %v", text, err)
	}
	var nothing struct{}
	if err := site.side.ask(t.Context(), &nothing, "no-such-command"); err == nil {
		t.Error("a command that does not exist has answered")
	}
}
