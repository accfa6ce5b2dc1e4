package model

import (
	"strings"
	"testing"
)

// FuzzFeatures checks on any value, cut anywhere, that at most maxStep features
// are completed at a symbol, that a walk that begins within the value finds no
// edge and nothing that the whole walk does not, and that of the features of
// a value only the edges depend on what stands around it.
func FuzzFeatures(f *testing.F) {
	cases := featureCases(f)
	for i := 0; i < len(cases); i++ {
		f.Add(cases[i].In, "see "+cases[i].In, uint16(i))
	}
	f.Fuzz(func(t *testing.T, v, around string, cut uint16) {
		syms := normalize(nil, nil, []byte(v))
		all := steps(syms, false, true)
		whole := had(all)
		if len(syms) > 0 {
			from := 1 + int(cut)%len(syms)
			for h := range had(steps(syms[from:], true, false)) {
				if isEdge(h) || !whole[h] {
					t.Errorf("%q from symbol %d: feature %08x", v, from, h)
				}
			}
		}
		around = strings.Trim(around, " \t")
		checkContext(t, v, around, around)
	})
}
