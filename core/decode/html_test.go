package decode

import (
	"bytes"
	"html"
	"math/rand"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHTMLTable(t *testing.T) {
	escTable(t, "html", func(dst, src []byte, c escCase) ([]byte, Flags) { return HTML(dst, src) })
}

// The standard library's table is the oracle: every name gives the same
// character, needs the semicolon or not, and none is shorter than its UTF-8,
// which is the proof of HTML's bound.
func TestHTMLNames(t *testing.T) {
	if len(entityRunes) != len(strings.Fields(entityText))/2 || len(entityRunes) < 330 || len(entityLegacy) != 106 {
		t.Fatalf("%d names, %d without semicolon", len(entityRunes), len(entityLegacy))
	}
	for name, r := range entityRunes {
		ref := "&" + name + ";"
		if want := html.UnescapeString(ref); want != string(r) {
			t.Errorf("%s is %q, want %q", ref, string(r), want)
		}
		got, _ := HTML(nil, []byte(ref))
		if string(got) != string(r) {
			t.Errorf("%s gives %q", ref, got)
		}
		shortest := len(ref)
		_, legacy := entityLegacy[name]
		if legacy {
			shortest--
		}
		if utf8.RuneLen(r) > shortest {
			t.Errorf("%s takes %d bytes of UTF-8", ref, utf8.RuneLen(r))
		}
		bare, _ := HTML(nil, []byte("&"+name+"."))
		want := html.UnescapeString("&" + name + ".")
		if string(bare) != want {
			t.Errorf("&%s. gives %q, want %q", name, bare, want)
		}
	}
}

// Numbers agree with the standard library except for NUL.
func TestHTMLNumbers(t *testing.T) {
	for n := 1; n < 0x11000; n += 1 + n/300 {
		for _, ref := range []string{"&#" + strconv.Itoa(n) + ";", "&#x" + strconv.FormatInt(int64(n), 16) + "."} {
			got, _ := HTML(nil, []byte(ref))
			if want := html.UnescapeString(ref); string(got) != want {
				t.Errorf("%s gives %q, want %q", ref, got, want)
			}
			if len(got) > len(ref) {
				t.Errorf("%s grew", ref)
			}
		}
	}
}

func TestHTMLInvariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(2))
	pieces := []string{"&", "#", "x", "0", "60", "lt", "not", "in", ";", "amp", "é", "128", "colon", " "}
	for i := 0; i < 300; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(12))
		escInvariant(t, "HTML", src, len(src), HTML)
	}
}

func BenchmarkHTML(b *testing.B) {
	clean := bytes.Repeat([]byte("GET the quick brown fox, "), 40)
	dense := bytes.Repeat([]byte("&lt;b&#62;x&y=&zzzzzz"), 50)
	buf := make([]byte, 0, 2048)
	b.Run("clean", func(b *testing.B) {
		b.SetBytes(int64(len(clean)))
		for i := 0; i < b.N; i++ {
			buf, _ = HTML(buf[:0], clean)
		}
	})
	b.Run("dense", func(b *testing.B) {
		b.SetBytes(int64(len(dense)))
		for i := 0; i < b.N; i++ {
			buf, _ = HTML(buf[:0], dense)
		}
	})
}
