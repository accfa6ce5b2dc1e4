package main

import (
	"os"
	"strings"
	"testing"
)

// TestLearning plays the second act with the real sidecar. It takes as long as
// learning does, about four minutes.
func TestLearning(t *testing.T) {
	if os.Getenv("LEARN") == "" {
		t.Skip("learning takes four windows of a minute: LEARN=1 go test ./play -run Learning")
	}
	var out strings.Builder
	good, err := run(t.Context(), &out, options{repository: "../../..", oneshot: true, learn: true})
	if err != nil || !good {
		t.Fatalf("%v %v\n%s", good, err, &out)
	}
	for _, want := range []string{"learning: watching", "learning: settled", "it was learned to be normal", "the suggestion is in force as policy", "- /card"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, &out)
		}
	}
}

// TestSidecarStarts: the sidecar of the demo answers what the second act asks.
func TestSidecarStarts(t *testing.T) {
	if testing.Short() {
		t.Skip("builds glacis")
	}
	var out strings.Builder
	site, err := start(t.Context(), &out, options{repository: "../../.."})
	if err != nil {
		t.Fatal(err)
	}
	defer site.stop()
	level, err := site.side.level(t.Context())
	if err != nil || level == "" {
		t.Errorf("%q %v", level, err)
	}
	if text, err := site.side.suggestion(t.Context(), "/card"); err != nil || text != "" {
		t.Errorf("%q %v", text, err)
	}
	var nothing struct{}
	if err := site.side.ask(t.Context(), &nothing, "no-such-command"); err == nil {
		t.Error("a command that does not exist has answered")
	}
}
