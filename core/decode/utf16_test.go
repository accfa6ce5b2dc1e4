package decode

import (
	"bytes"
	"math/rand"
	"testing"
	"unicode/utf16"
)

// wideEncode spells s in order; the standard library does the surrogates.
func wideEncode(s string, order Order) []byte {
	var b []byte
	if order >= OrderUTF32LE {
		for _, r := range []rune(s) {
			u := uint32(r)
			if order == OrderUTF32LE {
				b = append(b, byte(u), byte(u>>8), byte(u>>16), byte(u>>24))
			} else {
				b = append(b, byte(u>>24), byte(u>>16), byte(u>>8), byte(u))
			}
		}
		return b
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if order == OrderUTF16LE {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return b
}

func TestUTF16Table(t *testing.T) {
	escTable(t, "utf16", func(dst, src []byte, c escCase) ([]byte, Flags) {
		order, _ := LooksUTF16(src)
		return UTF16(dst, src, order)
	})
}

func TestUTF16RoundTrip(t *testing.T) {
	both := Wide | Changed
	for _, s := range []string{"<script>alert(1)</script>", "SELECT é 😀 FROM x", "<?xml version='1.0'?><a>日本</a>"} {
		for order := OrderUTF16LE; order <= OrderUTF32BE; order++ {
			for _, mark := range []string{"", "\ufeff"} {
				src := wideEncode(mark+s, order)
				got, ok := LooksUTF16(src)
				if !ok || got != order {
					t.Errorf("%q: order %d looks like %d", mark+s, order, got)
				}
				text, fl := UTF16(nil, src, order)
				if string(text) != s || fl&both != both {
					t.Errorf("%q in order %d gives %q, flags %b", s, order, text, fl)
				}
			}
		}
	}
}

func TestLooksUTF16Rejects(t *testing.T) {
	for _, s := range []string{"", "abc", "plain ASCII text", "\x00\x00\x00\x00\x00\x00\x00\x00", "a\x00b", "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff", "données en ISO", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"} {
		if order, ok := LooksUTF16([]byte(s)); ok {
			t.Errorf("%q looks like order %d", s, order)
		}
	}
}

func TestUTF16Invariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(5))
	for i := 0; i < 400; i++ {
		src := make([]byte, rnd.Intn(40))
		for k := range src {
			src[k] = byte(rnd.Intn(4) * rnd.Intn(80))
		}
		order := Order(i % 6)
		escInvariant(t, "UTF16", src, len(src)*3/2, func(dst, src []byte) ([]byte, Flags) {
			return UTF16(dst, src, order)
		})
	}
}

func BenchmarkUTF16(b *testing.B) {
	src := wideEncode(string(bytes.Repeat([]byte("<script>alert(1)"), 32)), OrderUTF16LE)
	buf := make([]byte, 0, 4096)
	b.SetBytes(int64(len(src)))
	for i := 0; i < b.N; i++ {
		if order, ok := LooksUTF16(src); ok {
			buf, _ = UTF16(buf[:0], src, order)
		}
	}
}
