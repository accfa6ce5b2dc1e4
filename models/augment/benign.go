package augment

import (
	"math/rand/v2"
	"strings"
)

var benignWords = strings.Fields("summer report garden invoice blue window holiday letter price market river music bread travel photo village winter coffee lamp paper orange station bridge evening student office kitchen story weather silver doctor forest ticket camera family museum island breakfast language history question morning")

func benignWord(r *rand.Rand) string { return benignWords[r.IntN(len(benignWords))] }

// benignText returns two to ten words.
func benignText(r *rand.Rand) string {
	w := make([]string, 2+r.IntN(9))
	for i := range w {
		w[i] = benignWord(r)
	}
	return strings.Join(w, " ")
}
