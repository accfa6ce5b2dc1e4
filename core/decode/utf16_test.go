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

// TestUTF16Table runs texts through guess and transform, as a walker does.
func TestUTF16Table(t *testing.T) {
	escTable(t, "utf16", func(dst, src []byte, c escCase) ([]byte, Flags) {
		order, ok := LooksUTF16(src)
		if !ok {
			return append(dst, src...), 0
		}
		out, used := UTF16(dst, src, order, true)
		if used != len(src) {
			t.Errorf("%x: %d bytes used", src, used)
		}
		return out, 0
	})
}

func TestUTF16RoundTrip(t *testing.T) {
	for _, s := range []string{"<script>alert(1)</script>", "SELECT é 😀 FROM x", "<?xml version='1.0'?><a>日</a>"} {
		for order := OrderUTF16LE; order <= OrderUTF32BE; order++ {
			for _, mark := range []string{"", "\ufeff"} {
				src := wideEncode(mark+s, order)
				got, ok := LooksUTF16(src)
				if !ok || got != order {
					t.Errorf("%q: order %d looks like %d", mark+s, order, got)
				}
				if text, _ := UTF16(nil, src, order, true); string(text) != s {
					t.Errorf("%q in order %d gives %q", s, order, text)
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

// checkUTF16 demands that the output keeps its bound and what dst held, and that
// a text cut anywhere gives what the whole gives.
func checkUTF16(t *testing.T, src []byte, order Order, cut int) {
	t.Helper()
	whole, used := UTF16([]byte("dst:"), src, order, true)
	if used != len(src) || len(whole) > 4+len(src)+len(src)/2 || string(whole[:4]) != "dst:" {
		t.Errorf("%x in order %d gives %q, %d bytes used", src, order, whole, used)
	}
	parts, used := UTF16([]byte("dst:"), src[:cut], order, false)
	if used > cut || cut-used > 2*order.UnitSize() {
		t.Fatalf("%x in order %d: %d of %d bytes used", src, order, used, cut)
	}
	parts, _ = UTF16(parts, src[used:], order, true)
	if string(parts) != string(whole) {
		t.Errorf("%x in order %d, cut at %d, gives %q, whole %q", src, order, cut, parts, whole)
	}
}

func TestUTF16Cut(t *testing.T) {
	rnd := rand.New(rand.NewSource(5))
	for i := 0; i < 400; i++ {
		src := make([]byte, 1+rnd.Intn(40))
		for k := range src {
			src[k] = byte(rnd.Intn(4) * rnd.Intn(80))
		}
		checkUTF16(t, src, OrderUTF16LE+Order(i%4), rnd.Intn(len(src)))
	}
	smile := wideEncode("a😀b", OrderUTF16BE)
	for cut := 0; cut < len(smile); cut++ {
		checkUTF16(t, smile, OrderUTF16BE, cut)
	}
}

func BenchmarkUTF16(b *testing.B) {
	src := wideEncode(string(bytes.Repeat([]byte("<script>alert(1)"), 32)), OrderUTF16LE)
	buf := make([]byte, 0, 4096)
	b.SetBytes(int64(len(src)))
	for i := 0; i < b.N; i++ {
		if order, ok := LooksUTF16(src); ok {
			buf, _ = UTF16(buf[:0], src, order, true)
		}
	}
}
