package decode

import "testing"

// No panic, an end, and no letters lost but those that stand for types.
func FuzzPHP(f *testing.F) {
	f.Add([]byte(`a:1:{s:4:"name";O:3:"Foo":1:{s:1:"a";N;}}`))
	f.Add([]byte(`user|s:5:"admin";x|i:5;`))
	f.Add([]byte(`s:9999:"abc" or 1=1`))
	f.Fuzz(func(t *testing.T, b []byte) {
		LooksPHP(b)
		checkLoss(t, &PHP{}, b, func(b []byte) int { return countBytes(b, "aOoCsSEidbrRN") })
	})
}
