package decode

import "testing"

// Joining the parts gives the input back, and the segments hold the path.
func FuzzSplitURI(f *testing.F) {
	f.Add([]byte("https://u:p@h:1/a;b=c/d?e=f#g"))
	f.Add([]byte("\\\\host\\share"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkURI(t, raw)
	})
}
