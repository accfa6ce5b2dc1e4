package core

import "testing"

// TestSkimPolicy: with a policy, too, an interpreted engine's verdicts are the
// same, whether a header or a value comes for the first time or again.
func TestSkimPolicy(t *testing.T) {
	cases := loadRules(t)
	skims := 0
	for i := 0; i < len(cases); i++ {
		p := compileRules(t, cases[i].Policy)
		plain, err := New(Config{Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		skimming, err := New(Config{Policy: p, Interpreter: Interpreted()})
		if err != nil {
			t.Fatal(err)
		}
		if skimming.skim != nil {
			skims++
		} else if p.LeastDepth() == 0 {
			t.Errorf("%s: the engine does not skim", cases[i].Name)
		}
		for k := 0; k < len(cases[i].Requests); k++ {
			r := cases[i].Requests[k].request()
			sameWalk(t, plain, skimming, r)
			r.Headers = append(r.Headers, Header{Name: "User-Agent", Value: "Mozilla/5.0"}, Header{Name: "X-Team", Value: "blue"})
			sameWalk(t, plain, skimming, r)
		}
	}
	if skims == 0 || skims == len(cases) {
		t.Errorf("%d of %d engines skim: the cases do not cover both", skims, len(cases))
	}
}
