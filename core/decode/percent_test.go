package decode

import (
	"bytes"
	"math/rand"
	"net/url"
	"testing"
)

func TestPercentTable(t *testing.T) {
	escTable(t, "percent", func(dst, src []byte, c escCase) ([]byte, Flags) {
		return Percent(dst, src, c.Plus)
	})
}

// What net/url escapes comes back, in both spellings of a blank.
func TestPercentInvertsEscape(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	got, fl := Percent(nil, []byte(url.QueryEscape(string(all))), true)
	if !bytes.Equal(got, all) {
		t.Errorf("query escape: got %q", got)
	}
	if want := Changed | Percented | Control | NewLine; fl != want {
		t.Errorf("flags %b, want %b", fl, want)
	}
	got, _ = Percent(nil, []byte(url.PathEscape(string(all))), false)
	if !bytes.Equal(got, all) {
		t.Errorf("path escape: got %q", got)
	}
}

// Each round undoes one layer, and rounds end.
func TestPercentRounds(t *testing.T) {
	b := []byte("%25%32%35%32e%%32%65")
	for round := 0; round < 5; round++ {
		b, _ = Percent(nil, b, false)
	}
	if string(b) != ".." {
		t.Errorf("after 5 rounds: %q", b)
	}
}

func TestPercentInvariant(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	pieces := []string{"%", "u", "%u", "ff", "FF1C", "D83D", "DE00", "+", "2", "e", "%2", "%00", "é", "a"}
	for i := 0; i < 300; i++ {
		src := escRandom(rnd, pieces, rnd.Intn(12))
		plus := i&1 == 0
		escInvariant(t, "Percent", src, len(src), func(dst, src []byte) ([]byte, Flags) {
			return Percent(dst, src, plus)
		})
	}
}

func BenchmarkPercent(b *testing.B) {
	clean := bytes.Repeat([]byte("GET the quick brown fox, "), 40)
	dense := bytes.Repeat([]byte("%3Cscript%3E+"), 77)
	buf := make([]byte, 0, 2048)
	b.Run("clean", func(b *testing.B) {
		b.SetBytes(int64(len(clean)))
		for i := 0; i < b.N; i++ {
			buf, _ = Percent(buf[:0], clean, true)
		}
	})
	b.Run("dense", func(b *testing.B) {
		b.SetBytes(int64(len(dense)))
		for i := 0; i < b.N; i++ {
			buf, _ = Percent(buf[:0], dense, true)
		}
	})
}

// Eight bytes at a time is the same as one: also where neighbors differ from +
// by one bit or carry.
func TestPlusToBlank(t *testing.T) {
	odd := []byte{'+', 0xAB, '*', ',', 0x00, 0xFF, '+', ' ', 0x80, '+', '+', 0x2B ^ 0x7F, 'a', 0xAA, 0xAC, '+', '+', 0x01}
	for from := 0; from < len(odd); from++ {
		for to := from; to <= len(odd); to++ {
			got := append([]byte(nil), odd[from:to]...)
			plusToBlank(got)
			if want := bytes.ReplaceAll(odd[from:to], []byte("+"), []byte(" ")); !bytes.Equal(got, want) {
				t.Fatalf("%x: got %x, want %x", odd[from:to], got, want)
			}
		}
	}
}
