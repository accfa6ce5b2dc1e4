package decode

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/rand"
	"os"
	"testing"
)

// escCase is one line of a table in testdata. Bytes that JSON cannot hold are
// given in hexadecimal (InHex, OutHex).
type escCase struct {
	In, Out, InHex, OutHex string
	Same                   bool // the output is the input
	Flags                  []string
	Plus                   bool
}

func (c escCase) in() []byte {
	if c.InHex != "" {
		return escUnhex(c.InHex)
	}
	return []byte(c.In)
}

func (c escCase) out() []byte {
	switch {
	case c.Same:
		return c.in()
	case c.OutHex != "":
		return escUnhex(c.OutHex)
	}
	return []byte(c.Out)
}

func escUnhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic("test table: " + s)
	}
	return b
}

func escFlag(t *testing.T, name string) Flags {
	switch name {
	case "Changed":
		return Changed
	case "BrokenEscape":
		return BrokenEscape
	case "UnicodeEscape":
		return UnicodeEscape
	case "Overlong":
		return Overlong
	case "InvalidUTF8":
		return InvalidUTF8
	case "Control":
		return Control
	case "NewLine":
		return NewLine
	case "Percented":
		return Percented
	case "Entity":
		return Entity
	case "JSEscaped":
		return JSEscaped
	case "Hexed":
		return Hexed
	case "Wide":
		return Wide
	case "UTF7Coded":
		return UTF7Coded
	}
	t.Fatalf("no flag %q", name)
	return 0
}

func escLoad(t *testing.T, name string, into interface{}) {
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// escTable runs the table name through f and checks output and exact flags, and
// that what dst held before stays.
func escTable(t *testing.T, name string, f func(dst, src []byte, c escCase) ([]byte, Flags)) {
	var cases []escCase
	escLoad(t, name, &cases)
	if len(cases) < 10 {
		t.Fatalf("%s: only %d cases", name, len(cases))
	}
	for _, c := range cases {
		src := c.in()
		got, fl := f([]byte("dst:"), src, c)
		if want := append([]byte("dst:"), c.out()...); !bytes.Equal(got, want) {
			t.Errorf("%s: %q gives %q, want %q", name, src, got, want)
		}
		var want Flags
		for _, w := range c.Flags {
			want |= escFlag(t, w)
		}
		if fl != want {
			t.Errorf("%s: %q gives flags %b, want %b %v", name, src, fl, want, c.Flags)
		}
	}
}

// escRandom builds a deterministic string of n pieces of alphabet.
func escRandom(rnd *rand.Rand, pieces []string, n int) []byte {
	var b []byte
	for i := 0; i < n; i++ {
		b = append(b, pieces[rnd.Intn(len(pieces))]...)
	}
	return b
}

// escInvariant checks what every transform promises: bounded output, Changed
// exactly when the output differs, no dependence on dst.
func escInvariant(t *testing.T, name string, src []byte, limit int, f func(dst, src []byte) ([]byte, Flags)) {
	orig := append([]byte(nil), src...)
	out, fl := f(nil, src)
	if len(out) > limit {
		t.Errorf("%s: %q grows from %d to %d bytes, limit %d", name, src, len(src), len(out), limit)
	}
	if !bytes.Equal(orig, src) {
		t.Errorf("%s: %q was written to", name, orig)
	}
	if same := bytes.Equal(out, src); same != (fl&Changed == 0) {
		t.Errorf("%s: %q became %q with flags %b", name, src, out, fl)
	}
	again, fl2 := f([]byte("xy"), src)
	if fl2 != fl || !bytes.Equal(again[2:], out) || string(again[:2]) != "xy" {
		t.Errorf("%s: %q depends on dst", name, src)
	}
}

func TestEscTables(t *testing.T) {
	for i := 0; i < 256; i++ {
		c := byte(i)
		v, err := hex.DecodeString("0" + string([]byte{c}))
		if isHex := err == nil; isHex != (escHex[c] != escNone) || isHex && v[0] != escHex[c] {
			t.Errorf("escHex[%#x] = %d", c, escHex[c])
		}
		if escWord[c] && escPunct[c] && c != '_' {
			t.Errorf("%#x is both word and punctuation", c)
		}
	}
}

func TestEscSurrogates(t *testing.T) {
	if r, ok := escSurrogates(0xD83D, 0xDE00); !ok || r != 0x1F600 {
		t.Errorf("D83D DE00 gives %x %v", r, ok)
	}
	if _, ok := escSurrogates(0xDE00, 0xD83D); ok {
		t.Error("a pair in the wrong order was accepted")
	}
}
