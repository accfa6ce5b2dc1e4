package train

import (
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestGateCovers checks that every attack value of training meets the gate, so
// that the scorer gets to see it.
func TestGateCovers(t *testing.T) {
	set := load(t)
	o := options()
	in := MakeInstances(set, MakeForms(set, uint32(o.Flags)), SiteFolds(set, o.Folds, false), o.Negative)
	g := LearnGate(set, in, ^uint32(0), o.Gate)
	var h kernel.Hits
	attacks := 0
	for i := range in {
		if !in[i].Attack {
			continue
		}
		attacks++
		text := set.Values[in[i].Value].Text
		if kernel.Scan([]byte(text), g, &h); h.N == 0 {
			t.Errorf("%q of %s does not meet the gate", text, in[i].File)
		}
	}
	if attacks < 60 {
		t.Errorf("%d attacks", attacks)
	}
	values, _ := GateRate(set, g)
	if full, _ := GateRate(set, wide()); values >= full || full < 0.5 {
		t.Errorf("%.2f of the benign values meet the gate, %.2f a gate of everything", values, full)
	}
	if none, bytes := GateRate(set, new(kernel.Gate)); none != 0 || bytes != 0 {
		t.Errorf("an empty gate is met by %.2f, %.2f", none, bytes)
	}
}

// TestGateAlways checks that hosts which server-side request forgery aims at
// meet every gate, even one learned from nothing, and that other URLs do not.
func TestGateAlways(t *testing.T) {
	g := LearnGate(NewSet(), nil, ^uint32(0), GateOptions{})
	var h kernel.Hits
	for v, want := range map[string]bool{
		"http://127.0.0.1/": true, "http://2130706433/": true, "https://0x7f.1": true, "//10.0.0.1": true, "gopher://[::1]:6379/": true,
		"http://localhost:8080/": true, "LOCALHOST": true, "https://example.com/a?b=1": false, "127.0.0.1": false, "/2023/05/": false,
	} {
		if kernel.Scan([]byte(v), g, &h); h.N > 0 != want {
			t.Errorf("%q: %d hits", v, h.N)
		}
	}
}

// TestEach compares the trigrams that the trainer sees with those of the scan.
func TestEach(t *testing.T) {
	mark := make([]int32, trigrams)
	for k, v := range []string{"", "a", "select", "a' OR 1=1", "\x00\xff\n%"} {
		seen := map[uint32]bool{}
		each(v, mark, int32(k+1), func(x uint32) {
			if seen[x] {
				t.Errorf("%q: trigram %d twice", v, x)
			}
			seen[x] = true
		})
		for x := range seen {
			g := new(kernel.Gate)
			g.Set(x)
			var h kernel.Hits
			if kernel.Scan([]byte(v), g, &h); h.N == 0 {
				t.Errorf("%q: the scan does not meet trigram %d", v, x)
			}
		}
	}
}
