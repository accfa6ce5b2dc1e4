package train

import (
	"math/rand/v2"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/augment"
	"github.com/glacis-waf/glacis/models/gen"
)

// maxAugmented bounds the mutated copies of one source, so that the large ones
// do not crowd out the small.
const maxAugmented = 2000

// AddAugmented adds a mutated copy of every distinct attack value to the set.
// A copy belongs to the file of its original, so that it is left out together
// with it; it is trained on but never measured on.
func AddAugmented(set *Set, seed uint64) error {
	x := core.NewExtractor(core.Config{})
	r := rand.New(rand.NewPCG(seed, 2))
	benign := make([]uint32, len(set.Values))
	for i := range set.Examples {
		if e := &set.Examples[i]; !e.Attack {
			for _, u := range e.Uses {
				benign[u.Value] = 1
			}
		}
	}
	seen := map[string]bool{}
	perFile := map[string]int{}
	n := len(set.Examples)
	for i := 0; i < n; i++ {
		e := &set.Examples[i]
		if !e.Attack || e.Weak || perFile[e.source()] >= maxAugmented {
			continue
		}
		forms := hostile(set, e, benign)
		if len(forms) == 0 {
			continue
		}
		text := set.Values[forms[len(forms)-1]].Text
		if seen[e.File+text] {
			continue
		}
		seen[e.File+text] = true
		perFile[e.source()]++
		family := FamilyOf(e.Category).Name()
		s := gen.Sample{Family: e.Category, Value: augment.Attack(r, text, family), Location: "query", Group: "augmented"}
		rec := record(&s, i)
		rec.File, rec.Source = e.File, e.Source
		if err := set.Add(x, rec); err != nil {
			return err
		}
		set.Examples[len(set.Examples)-1].Augmented = true
	}
	return nil
}
