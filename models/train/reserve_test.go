package train

import (
	"strings"
	"testing"
)

// TestReserved pins which requests are of the reserve: a change would let what
// was kept unseen take part in choices.
func TestReserved(t *testing.T) {
	for _, c := range []struct {
		file, source string
		attack, want bool
	}{
		{"attack_fwaf", "fwaf", true, true},
		{"attack_foospidy", "foospidy", true, true},
		{"attack_nuclei_le2023", "nuclei", true, true},
		{"attack_mgm", "mgm", true, false},
		{"gen_attack", "gen:sqli.union", true, false},
		{"benign_cassettes", "cassettes:PyGithub/PyGithub", false, true},
		{"benign_cassettes", "cassettes:octokit/octokit.rb", false, false},
		{"benign_logs", "log:eleek", false, false},
		{"benign_pages", "cassettes:PyGithub/PyGithub", false, false},
	} {
		if got := Reserved(&Example{File: c.file, Source: c.source, Attack: c.attack}); got != c.want {
			t.Errorf("%s of %s: %v", c.source, c.file, got)
		}
	}
}

// TestReserveIsLeftOut runs with a reserve and without: what is reserved
// belongs to no fold, moves neither offsets nor thresholds, and is measured
// apart.
func TestReserveIsLeftOut(t *testing.T) {
	set := load(t)
	o := options()
	o.Reserve = true
	const reserved = "attack_nuclei_le2023"
	for i := range set.Examples {
		if x := &set.Examples[i]; x.File == "attack_alpha" {
			x.File = reserved
		}
	}
	fold := SiteFolds(set, o.Folds, true)
	in := MakeInstances(set, MakeForms(set, uint32(o.Flags)), fold, o.Negative)
	bit := uint32(1) << uint(o.Folds)
	for i := range in {
		x := &in[i]
		for k := 0; k <= o.Folds; k++ {
			mask := ^(uint32(1)<<uint(k) | bit)
			if x.File == reserved && x.usable(mask) {
				t.Fatalf("an attack of the reserve is trained on for fold %d", k)
			}
		}
		if x.File == reserved && !x.usable(^uint32(0)) {
			t.Fatal("the model that ships does not learn from the reserve")
		}
	}
	res, err := Train(set, &o)
	if err != nil {
		t.Fatal(err)
	}
	levels, off := res.Tables.Levels, res.Offsets
	card := res.Card()
	if !strings.Contains(card, "| "+reserved+" (50), detected |") || strings.Contains(card, "| "+reserved+" | 50 |") {
		t.Errorf("the reserve is not apart:\n%s", card)
	}
	for i := range set.Examples {
		if res.reserved(&set.Examples[i]) {
			for l := range res.Scores[i] {
				res.Scores[i][l] = 1 << 20
			}
		}
	}
	res.Calibrate()
	if res.Tables.Levels != levels || res.Offsets != off {
		t.Error("scores of the reserve move thresholds")
	}
}
