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
	benchWhole(b, &Delimited{}, in)
}
