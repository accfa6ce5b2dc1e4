package decode

import (
	"bytes"
	"encoding/base64"
	"math/rand"
	"testing"
)

// utf7Encode spells all of s as one run.
func utf7Encode(s string) []byte {
	return []byte("+" + base64.RawStdEncoding.EncodeToString(wideEncode(s, OrderUTF16BE)) + "-")
}

func TestUTF7Table(t *testing.T) {
	escTable(t, "utf7", func(dst, src []byte, c escCase) ([]byte, Flags) {
		if !LooksUTF7(src) {
			return append(dst, src...), 0
		}
		return UTF7(dst, src)
	})
}

func TestUTF7RoundTrip(t *testing.T) {
	coded := Changed | UTF7Coded
	for _, s := range []string{"<", "<s", "<sc", "<scr", "é<", "😀<日本語", "日本語日本語日本"} {
		src := utf7Encode(s)
		if got, fl := UTF7(nil, src); string(got) != s || fl != coded {
			t.Errorf("%s gives %q, flags %b, want %q", src, got, fl, s)
		}
		if want := bytes.IndexByte([]byte(s), '<') >= 0; LooksUTF7(src) != want {
			t.Errorf("LooksUTF7(%s) = %v", src, !want)
		}
	}
}

func TestUTF7Invariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(6))
	pieces := []string{"+", "&", "-", "ADw", "TgBOAE4A", "2D3eAA", "A", ",", "/", " ", "é"}
	for i := 0; i < 400; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(14))
		escInvariant(t, "UTF7", src, len(src)*9/8, UTF7)
	}
}

func BenchmarkUTF7(b *testing.B) {
	clean := bytes.Repeat([]byte("GET the quick brown fox, "), 40)
	dense := bytes.Repeat([]byte("+ADw-script+AD4-"), 64)
	buf := make([]byte, 0, 2048)
	b.Run("clean", func(b *testing.B) {
		b.SetBytes(int64(len(clean)))
		for i := 0; i < b.N; i++ {
			LooksUTF7(clean)
		}
	})
	b.Run("dense", func(b *testing.B) {
		b.SetBytes(int64(len(dense)))
		for i := 0; i < b.N; i++ {
			buf, _ = UTF7(buf[:0], dense)
		}
	})
}
