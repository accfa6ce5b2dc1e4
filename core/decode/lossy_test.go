package decode

import (
	"math/rand"
	"testing"
	"unicode/utf8"
)

func TestLossyTable(t *testing.T) {
	escTable(t, "lossy", func(dst, src []byte, c escCase) ([]byte, Flags) { return Lossy(dst, src) })
}

func TestLossyInvariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	pieces := []string{"\xc0", "\xc1", "%", "8s", "9v", ".", "\xff", "é", "\xe2\x82", "a"}
	for i := 0; i < 300; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(12))
		escInvariant(t, "Lossy", src, len(src), Lossy)
	}
}

// Between any two ASCII characters every byte that is no UTF-8 goes.
func TestLossyDrops(t *testing.T) {
	for i := 0x80; i < 256; i++ {
		got, fl := Lossy(nil, []byte{'.', byte(i), '.'})
		if string(got) != ".." || fl&Changed == 0 || fl&InvalidUTF8 == 0 {
			t.Errorf("%#x gives %q, flags %b", i, got, fl)
		}
	}
	if got, fl := Lossy(nil, []byte("naïve")); !utf8.Valid(got) || fl != 0 {
		t.Errorf("valid text gives %q, flags %b", got, fl)
	}
}
