package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

// The whole demo against the real command and a real sidecar, built from this
// repository. How much is blocked is the model's affair and measured elsewhere;
// here every request must be accounted for, and the second act come to its end.
func TestWholeDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds glacis")
	}
	var out strings.Builder
	good, err := run(t.Context(), &out, options{repository: "../../..", oneshot: true, learn: true, verbose: true})
	if err != nil {
		t.Fatal(err)
	}
	text := out.String()
	benign, _ := traffic.Benign()
	attacks, _ := traffic.Attacks()
	first, second, _ := strings.Cut(text, "\nhonest visits: ")
	passed, refused := strings.Count(first, "\n  passed "), strings.Count(first, "\n  REFUSED ")
	if passed+refused != len(benign) {
		t.Errorf("%d of %d visits are listed", passed+refused, len(benign))
	}
	if n := strings.Count(first, "\n  blocked ") + strings.Count(first, "\n  PASSED "); n != len(attacks) {
		t.Errorf("%d of %d attacks are listed", n, len(attacks))
	}
	for _, want := range []string{"unseen     0 %", "forming", "normal in this search", "- /card", "the card", "attacks of part 1 again"} {
		if !strings.Contains(second, want) && !strings.Contains(second, "refuses none of") {
			t.Errorf("the second act does not say %q", want)
		}
	}
	for _, want := range []string{"shop behind glacis       http://127.0.0.1:", "blocked  cards through UNION", " query.q: ", "honest visits: "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the output", want)
		}
	}
	if said := !strings.Contains(text, "Not as it should be"); said != good {
		t.Errorf("the demo says %v and reports %v", said, good)
	}
}

// Without ONESHOT both go on running until the interrupt.
func TestKeepsRunning(t *testing.T) {
	if testing.Short() {
		t.Skip("builds glacis")
	}
	ctx, interrupt := context.WithCancel(t.Context())
	out, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := run(ctx, w, options{repository: "../../.."})
		w.CloseWithError(io.EOF)
		ended <- err
	}()
	var text strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(text.String(), "Ctrl-C ends them") {
		n, err := out.Read(buf)
		if text.Write(buf[:n]); err != nil {
			t.Fatalf("%v, %v", err, <-ended)
		}
	}
	go io.Copy(io.Discard, out)
	_, rest, _ := strings.Cut(text.String(), "shop behind glacis       ")
	url, _, _ := strings.Cut(rest, " ")
	res, err := http.Get(url + "/search?q=shoes")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if !strings.Contains(string(body), "Trail Shoes") {
		t.Errorf("%s says %q", url, body)
	}
	interrupt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if res, err := http.Get(url); err == nil {
		res.Body.Close()
		t.Error("the proxy outlives the demo")
	}
}

func TestStartErrors(t *testing.T) {
	for name, o := range map[string]options{"no repository": {repository: t.TempDir()}, "no command": {binary: "/nowhere/glacis"}, "not glacis": {binary: "/bin/false"},
		"no gateway": {gateway: "caddy"}} {
		if _, err := run(t.Context(), io.Discard, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMixKeepsEverythingInOrder(t *testing.T) {
	for _, sizes := range [][2]int{{200, 60}, {3, 7}, {1, 1}, {5, 0}} {
		benign, attacks := make([]traffic.Request, sizes[0]), make([]traffic.Request, sizes[1])
		for i := range benign {
			benign[i].Name = "b"
		}
		for i := range attacks {
			attacks[i].Target = strings.Repeat("/", i)
		}
		b, a := 0, 0
		for _, r := range mix(benign, attacks) {
			if r.Name == "b" {
				b++
			} else if a++; len(r.Target) != a-1 {
				t.Errorf("%v: attack %d comes as number %d", sizes, len(r.Target), a-1)
			}
		}
		if b != sizes[0] || a != sizes[1] {
			t.Errorf("%v: %d and %d", sizes, b, a)
		}
	}
}
