package decode

import (
	"bytes"
	"testing"
)

// The output is no longer than the input, and equals it unless Changed.
func FuzzSplice(f *testing.F) {
	f.Add([]byte("un/**/ion/*!50000sel*/ c''at ${IFS} {cat,/etc/passwd} 'a'||'b'"))
	f.Add([]byte("/*/*/*/*/**/ --\n#\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, fl := Splice(nil, b)
		if len(out) > len(b) {
			t.Fatalf("%d bytes became %d", len(b), len(out))
		}
		if fl&Changed == 0 && !bytes.Equal(out, b) {
			t.Fatal("changed without the flag")
		}
	})
}
