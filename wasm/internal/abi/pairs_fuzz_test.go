package abi

import (
	"bytes"
	"testing"
)

// FuzzParse reads blocks from a host that may be broken: nothing that Parse
// takes makes Next leave the block, and what was read encodes to a block that
// reads the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte{})
	f.Add(AppendMap(nil, "a", "b"))
	f.Add(AppendMap(nil, ":path", "/", "cookie", "", "cookie", "x"))
	f.Add([]byte{255, 255, 255, 255, 0, 0, 0, 0})
	f.Add([]byte{1, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, block []byte) {
		p, err := Parse(block)
		if err != nil {
			return
		}
		want, n := p.Len(), 0
		var texts []string
		for name, value, ok := p.Next(); ok; name, value, ok = p.Next() {
			texts = append(texts, name, value)
			n++
		}
		if n != want {
			t.Fatalf("%d pairs instead of %d", n, want)
		}
		again := AppendMap(nil, texts...)
		q, err := Parse(again)
		if err != nil || q.Len() != n {
			t.Fatalf("encoded again: %v, %d pairs instead of %d", err, q.Len(), n)
		}
		if n > 0 && len(again) == len(block) && !bytes.Equal(again[:4+8*n], block[:4+8*n]) {
			t.Fatal("the lengths changed")
		}
	})
}
