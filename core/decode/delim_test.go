package decode

import (
	"bytes"
	"testing"
)

func TestDelimited(t *testing.T) {
	runWholeCases(t, "delim.json", &Delimited{}, LooksDelimited)
}

func BenchmarkDelimited(b *testing.B) {
	in := bytes.Repeat([]byte("alpha=1;beta=two;gamma=three;"), 30)
	var c Delimited
	var f Field
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		c.Window(in, true)
		for c.Next(&f) == Found {
		}
	}
}
