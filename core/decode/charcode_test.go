package decode

import (
	"bytes"
	"math/rand"
	"strconv"
	"testing"
)

func TestCharCodesTable(t *testing.T) {
	escTable(t, "charcode", func(dst, src []byte, c escCase) ([]byte, Flags) { return CharCodes(dst, src) })
}

// Any text spelled as codes is appended.
func TestCharCodesText(t *testing.T) {
	const text = "SELECT * FROM users -- é日😀"
	found := Changed | Hexed
	var list, calls, casts []byte
	for _, r := range []rune(text) {
		n := strconv.Itoa(int(r))
		list = append(list, n+", "...)
		calls = append(calls, "chr("+n+") || "...)
		casts = append(casts, "[char]"+n+"+"...)
	}
	for _, src := range []string{
		"char(" + string(list) + ")", "String.fromCharCode(" + string(list) + ")", string(calls), string(casts) + "x",
	} {
		got, fl := CharCodes(nil, []byte(src))
		if want := src + " " + text; string(got) != want || fl != found {
			t.Errorf("%s gives %q, flags %b", src, got, fl)
		}
	}
}

func TestCharCodesInvariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(10))
	pieces := []string{"char", "chr", "(", ")", "[", "]", "97", "0x3c", ",", "+", "65533", "1114112", " ", "apply", ".", "using", "9", "x"}
	for i := 0; i < 1000; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(20))
		escInvariant(t, "CharCodes", src, 2*len(src), CharCodes)
	}
}

func BenchmarkCharCodes(b *testing.B) {
	buf := make([]byte, 0, 4096)
	for _, c := range []struct{ name, piece string }{
		{"clean", "GET the quick brown fox, "}, {"dense", "char(60,115)+CHAR(0x3c)+"}, {"brackets", "((((]]]](char(((((((((((("},
	} {
		src := bytes.Repeat([]byte(c.piece), 40)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for i := 0; i < b.N; i++ {
				buf, _ = CharCodes(buf[:0], src)
			}
		})
	}
}
