package decode

import "testing"

func TestTextLike(t *testing.T) {
	for _, s := range []string{
		"a", "1=1", "alert(1)", "line\r\n\tline", "été", "你好世界", "< \x00 but mostly printable text here", "PK\x03\x04....",
		"x\x9c\x00\x00", "w\x00h\x00o\x00a\x00", "\x00w\x00h\x00o\x00a",
	} {
		if !TextLike([]byte(s)) {
			t.Errorf("%q is not text-like", s)
		}
	}
	for _, s := range []string{
		"", "\x00", "ab\x01", "caf\xe9 x", "\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12\x34\x56\x78", "\x80\x04\x11\x11", "\x80\x02\x00\x00\x00\x00",
		"w\x00h\x00\x01\x02", "\x1f\x8b\x00\x00", "half of it \xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5",
	} {
		if TextLike([]byte(s)) {
			t.Errorf("%q is text-like", s)
		}
	}
}

// The share of text that a long content needs is four fifths.
func TestTextLikeShare(t *testing.T) {
	b := make([]byte, 100)
	for bad := 0; bad <= 100; bad++ {
		for i := range b {
			b[i] = 'a'
			if i >= 100-bad {
				b[i] = 0xFF
			}
		}
		if got := TextLike(b); got != (bad <= 20) {
			t.Errorf("%d %% of rubbish: %v", bad, got)
		}
	}
}

func BenchmarkTextLike(b *testing.B) {
	src := make([]byte, 1024)
	for i := range src {
		src[i] = byte('a' + i%26)
	}
	b.SetBytes(int64(len(src)))
	for i := 0; i < b.N; i++ {
		TextLike(src)
	}
}
