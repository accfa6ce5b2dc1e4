package decode

import (
	"bytes"
	"testing"
)

func TestSplice(t *testing.T) {
	var cases []struct {
		In, Out string
		Spliced bool
	}
	loadJSON(t, "splice.json", &cases)
	for i := range cases {
		k := cases[i]
		out, fl := Splice(nil, []byte(k.In))
		if string(out) != k.Out {
			t.Errorf("%s: got %s, want %s", k.In, out, k.Out)
		}
		if fl&Spliced != 0 != k.Spliced {
			t.Errorf("%s: flags %x", k.In, uint32(fl))
		}
		if (fl&Changed == 0) != (k.In == string(out)) {
			t.Errorf("%s: Changed is wrong", k.In)
		}
	}
}

// Output is appended, and dst is never read or overwritten.
func TestSpliceAppends(t *testing.T) {
	out, _ := Splice([]byte("c"), []byte("''at/**/x"))
	if string(out) != "c''at x" {
		t.Errorf("got %q", out)
	}
}

func BenchmarkSpliceClean(b *testing.B) {
	benchSplice(b, bytes.Repeat([]byte("the quick brown fox, jumps over "), 32))
}

func BenchmarkSpliceSQL(b *testing.B) {
	benchSplice(b, bytes.Repeat([]byte("1'/**/union/*!50000select*/'a'||'b',c''at "), 24))
}

func benchSplice(b *testing.B, in []byte) {
	dst := make([]byte, 0, len(in))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		Splice(dst, in)
	}
}
