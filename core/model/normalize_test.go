package model

import (
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// spelled writes symbols for people: '?' is an opaque word.
func spelled(syms []byte) string {
	b := make([]byte, len(syms))
	for i := 0; i < len(syms); i++ {
		b[i] = kernel.Letter(syms[i])
		if syms[i] == kernel.SymOpaque {
			b[i] = '?'
		}
	}
	return string(b)
}

func TestNormalize(t *testing.T) {
	var cases []struct {
		In  string `json:"in"`
		Out string `json:"out"`
	}
	table(t, "normalize.json", &cases)
	for i := 0; i < len(cases); i++ {
		if out := spelled(normalize(nil, nil, []byte(cases[i].In))); out != cases[i].Out {
			t.Errorf("%q becomes %q instead of %q", cases[i].In, out, cases[i].Out)
		}
	}
}

// TestNormalizeAppends checks that what stands in dst stays and that symbols
// are below 64.
func TestNormalizeAppends(t *testing.T) {
	all := make([]byte, 256)
	for i := 0; i < 256; i++ {
		all[i] = byte(i)
	}
	out := normalize([]byte("xyz"), nil, all)
	if string(out[:3]) != "xyz" || len(out) > 3+len(all) {
		t.Fatalf("%q", out)
	}
	for i := 3; i < len(out); i++ {
		if out[i] > 63 {
			t.Errorf("symbol %d at %d", out[i], i)
		}
	}
}
