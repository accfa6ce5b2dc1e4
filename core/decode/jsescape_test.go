package decode

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"testing"
)

func TestJSEscapeTable(t *testing.T) {
	escTable(t, "jsescape", func(dst, src []byte, c escCase) ([]byte, Flags) { return JSEscape(dst, src) })
}

func TestJSONStringTable(t *testing.T) {
	escTable(t, "jsonstring", func(dst, src []byte, c escCase) ([]byte, Flags) { return JSONString(dst, src) })
}

// What encoding/json writes comes back.
func TestJSONStringInvertsMarshal(t *testing.T) {
	text := "<a href=\"x\">\\\u2028é😀\x00\x1f\x7f\r\n\t\b"
	raw, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	got, fl := JSONString(nil, raw[1:len(raw)-1])
	if string(got) != text {
		t.Errorf("%s gives %q", raw, got)
	}
	if fl&(JSEscaped|BrokenEscape) != 0 {
		t.Errorf("JSON's own escapes got flags %b", fl)
	}
}

func TestJSEscapeInvariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	pieces := []string{"\\", "u", "x", "{", "}", "0", "3c", "D83D", "DE00", "n", "\n", "377", "é", "\\u", "\u2028"}
	for i := 0; i < 300; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(12))
		escInvariant(t, "JSEscape", src, len(src), JSEscape)
		escInvariant(t, "JSONString", src, len(src), JSONString)
	}
}

func BenchmarkJSEscape(b *testing.B) {
	clean := bytes.Repeat([]byte("GET the quick brown fox, "), 40)
	dense := bytes.Repeat([]byte(`\x3cb\u003e\n`), 77)
	buf := make([]byte, 0, 2048)
	b.Run("clean", func(b *testing.B) {
		b.SetBytes(int64(len(clean)))
		for i := 0; i < b.N; i++ {
			buf, _ = JSEscape(buf[:0], clean)
		}
	})
	b.Run("dense", func(b *testing.B) {
		b.SetBytes(int64(len(dense)))
		for i := 0; i < b.N; i++ {
			buf, _ = JSEscape(buf[:0], dense)
		}
	})
}
