package decode

import "testing"

// textCase is a content, as text or in hexadecimal, and whether it is believed.
type textCase struct {
	Name, In, InHex string
	Text            bool
}

func TestTextLike(t *testing.T) {
	var cases []textCase
	loadJSON(t, "textlike.json", &cases)
	for i := range cases {
		c := cases[i]
		if got := TextLike(append([]byte(c.In), escUnhex(c.InHex)...)); got != c.Text {
			t.Errorf("%s: got %v", c.Name, got)
		}
	}
	if len(cases) < 10 {
		t.Errorf("only %d cases", len(cases))
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
