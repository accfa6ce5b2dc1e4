package decode

import (
	"bytes"
	"math/rand"
	"testing"
	"unicode/utf8"
)

func TestUTF8Table(t *testing.T) {
	escTable(t, "utf8", func(dst, src []byte, c escCase) ([]byte, Flags) { return UTF8(dst, src) })
}

func TestNeedsUTF8(t *testing.T) {
	for i := 0; i < 256; i++ {
		b := []byte{'a', byte(i), 'b'}
		if NeedsUTF8(b) != (i > 0x7F) {
			t.Errorf("NeedsUTF8(%q) = %v", b, i <= 0x7F)
		}
	}
	if NeedsUTF8(nil) || !NeedsUTF8([]byte("é")) || !NeedsUTF8([]byte("aé\xff")) {
		t.Error("NeedsUTF8 misses")
	}
}

// No ASCII character can be smuggled through an over-long form of any length.
func TestUTF8Overlong(t *testing.T) {
	for c := 0; c < 0x80; c++ {
		hi, lo := byte(c>>6), byte(c&0x3F)|0x80
		for _, form := range [][]byte{
			{0xC0 | hi, lo},
			{0xE0, 0x80 | hi, lo},
			{0xF0, 0x80, 0x80 | hi, lo},
			{0xF8, 0x80, 0x80, 0x80 | hi, lo},
			{0xFC, 0x80, 0x80, 0x80, 0x80 | hi, lo},
		} {
			got, fl := UTF8(nil, form)
			if len(got) != 1 || got[0] != byte(c) || fl&Overlong == 0 {
				t.Errorf("%x gives %x, flags %b", form, got, fl)
			}
		}
	}
}

// Every code point keeps the bound; what is narrowed is ASCII and says so.
func TestUTF8AllRunes(t *testing.T) {
	narrowed := Wide | Changed
	var src, dst []byte
	for r := rune(0x80); r <= 0xE0080; r++ {
		if r == 0xD800 {
			r = 0xE000
		}
		if r == 0x3100 {
			r = 0xF900 // nothing happens to CJK and Hangul
		}
		if r == 0x20000 {
			r = 0xE0000
		}
		src = utf8.AppendRune(src[:0], r)
		var fl Flags
		dst, fl = UTF8(dst[:0], src)
		switch {
		case len(dst) > len(src):
			t.Errorf("%U grows to %q", r, dst)
		case fl == 0:
			if !bytes.Equal(dst, src) {
				t.Errorf("%U becomes %q without flags", r, dst)
			}
		case fl != narrowed || NeedsUTF8(dst):
			t.Errorf("%U becomes %q with %b", r, dst, fl)
		}
	}
}

func TestUTF8Invariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	pieces := []string{"\xc0", "\xc1", "\x80", "\xae", "n", "\xe0", "\xf0", "\xfc", "\xff", "é", "＜", "\u200b", "𝐀", "\xed\xa0\x80", " "}
	for i := 0; i < 500; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(12))
		escInvariant(t, "UTF8", src, len(src), UTF8)
	}
}

func BenchmarkUTF8(b *testing.B) {
	buf := make([]byte, 0, 4096)
	for _, c := range []struct{ name, piece string }{
		{"ascii", "GET the quick brown fox, "}, {"french", "être où ça naïf garçon "}, {"chinese", "你好世界。"}, {"wide", "＜ｓｃｒｉｐｔ＞"},
	} {
		src := bytes.Repeat([]byte(c.piece), 40)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for i := 0; i < b.N; i++ {
				buf, _ = UTF8(buf[:0], src)
			}
		})
	}
	ascii := bytes.Repeat([]byte("GET the quick brown fox, "), 40)
	b.Run("needs", func(b *testing.B) {
		b.SetBytes(int64(len(ascii)))
		for i := 0; i < b.N; i++ {
			NeedsUTF8(ascii)
		}
	})
}
