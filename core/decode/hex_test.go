package decode

import (
	"bytes"
	"encoding/hex"
	"math/rand"
	"strings"
	"testing"
)

func TestHexLiteralsTable(t *testing.T) {
	escTable(t, "hex", func(dst, src []byte, c escCase) ([]byte, Flags) { return HexLiterals(dst, src) })
}

// What a client spells in hexadecimal comes back.
func TestHexStringText(t *testing.T) {
	for _, s := range []string{"<script>", "1 OR 1=1", "../../../etc/passwd", "été où ça", "line one\r\n\tline two", "1111111111111111"} {
		for _, src := range []string{hex.EncodeToString([]byte(s)), "0x" + hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s)))} {
			got, ok := HexString([]byte("x"), []byte(src))
			if !ok || string(got) != "x"+s {
				t.Errorf("%s gives %q %v", src, got, ok)
			}
		}
	}
}

func TestHexStringRejects(t *testing.T) {
	for _, s := range []string{
		"", "3c7363726970", "3c7363726970743", "4242424242424242", "d41d8cd98f00b204e9800998ecf8427e", "3c73637269707g3e",
		"0x3c736372697074", "administrator1234", "00000000000000000a", "3c00000000000000", "internationalizations",
	} {
		if got, ok := HexString([]byte("x"), []byte(s)); ok || string(got) != "x" {
			t.Errorf("%q gives %q %v", s, got, ok)
		}
	}
	rnd := rand.New(rand.NewSource(8))
	hash := make([]byte, 16)
	for i := 0; i < 5000; i++ {
		for k := range hash {
			hash[k] = byte(rnd.Intn(256))
		}
		if got, ok := HexString(nil, []byte(hex.EncodeToString(hash))); ok {
			t.Errorf("the hash %x is taken for %q", hash, got)
		}
	}
}

func TestHexLiteralsInvariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(9))
	pieces := []string{"0x", "x'", "'", "2e", "3c73", "0", "x", "X", "a", " ", "00", "é"}
	for i := 0; i < 500; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(14))
		escInvariant(t, "HexLiterals", src, len(src), HexLiterals)
	}
}

func BenchmarkHex(b *testing.B) {
	clean := bytes.Repeat([]byte("GET the quick brown dog, "), 40)
	dense := bytes.Repeat([]byte("union(0x3c736372697074)"), 44)
	whole := []byte(hex.EncodeToString(clean))
	buf := make([]byte, 0, 2048)
	for _, c := range []struct {
		name string
		src  []byte
	}{{"clean", clean}, {"dense", dense}} {
		src := c.src
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for i := 0; i < b.N; i++ {
				buf, _ = HexLiterals(buf[:0], src)
			}
		})
	}
	b.Run("whole", func(b *testing.B) {
		b.SetBytes(int64(len(whole)))
		for i := 0; i < b.N; i++ {
			buf, _ = HexString(buf[:0], whole)
		}
	})
}
