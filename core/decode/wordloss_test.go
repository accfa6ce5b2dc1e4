package decode

import "testing"

// checkLoss runs a cursor over b and demands that the fields hold at least as
// many bytes as b has letters beyond what lost allows for its structure.
func checkLoss(t *testing.T, c wholeCursor, b []byte, structure func([]byte) int) {
	t.Helper()
	var f Field
	c.Reset()
	c.Window(b, true)
	got, n := 0, 0
	for c.Next(&f) == Found {
		if got += len(f.Value); f.Kind == KindName || f.Kind == KindEnter {
			got += len(f.Name)
		}
		if n++; n > 4*len(b)+16 {
			t.Fatalf("no end after %d fields", n)
		}
		f = Field{}
	}
	want := 0
	for i := 0; i < len(b); i++ {
		if asciiClass[b[i]]&asciiAlpha != 0 {
			want++
		}
	}
	if got < want-structure(b) {
		t.Fatalf("%d letters, %d bytes reported of %q", want, got, b)
	}
}

// countBytes returns how many bytes of b are in set.
func countBytes(b []byte, set string) int {
	n := 0
	for i := 0; i < len(b); i++ {
		for k := 0; k < len(set); k++ {
			if b[i] == set[k] {
				n++
			}
		}
	}
	return n
}
