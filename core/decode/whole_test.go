package decode

import (
	"encoding/json"
	"os"
	"testing"
	"unicode/utf8"
)

// wholeCase is one entry of a testdata file of a whole-value cursor. In holds
// one byte a rune (U+0000-U+00FF), so that binary input fits into JSON. Want
// lists the fields as fieldLine renders them; Looks is the sniffer's answer.
type wholeCase struct {
	Name  string
	In    string
	Looks bool
	Want  []string
}

// latin1 turns runes below 256 into bytes.
func latin1(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		out = append(out, byte(r))
		i += size
	}
	return out
}

// runes turns bytes into runes: the inverse of latin1.
func runes(b []byte) string {
	out := make([]rune, 0, len(b))
	for i := 0; i < len(b); i++ {
		out = append(out, rune(b[i]))
	}
	return string(out)
}

// loadJSON reads testdata/name into v.
func loadJSON(t *testing.T, name string, v interface{}) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatalf("read cases: %v", err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("parse cases of %s: %v", name, err)
	}
}

// wholeCursor is what every container cursor offers.
type wholeCursor interface {
	Reset()
	Window(b []byte, final bool)
	Next(f *Field) State
	Consumed() int
}

// fieldLine renders a field: a letter for the kind, the name, = and the value.
func fieldLine(f *Field) string {
	kinds := "VNELCMFfTHR"
	s := kinds[int(f.Kind):int(f.Kind)+1] + " " + runes(f.Name)
	if f.Kind != KindName && f.Kind != KindEnter {
		s += "=" + runes(f.Value)
	}
	return s
}

// wholeFields runs a cursor over one final window. It fails when the cursor
// does not stop after a number of fields linear in the input.
func wholeFields(t *testing.T, c wholeCursor, in []byte) []string {
	t.Helper()
	c.Reset()
	c.Window(in, true)
	var out []string
	var f Field
	for n := 0; ; n++ {
		if n > 4*len(in)+16 {
			t.Fatalf("no end after %d fields of %d bytes", n, len(in))
		}
		f = Field{}
		st := c.Next(&f)
		if st == NeedMore {
			t.Fatalf("NeedMore on a final window")
		}
		if st == Done {
			return out
		}
		out = append(out, fieldLine(&f))
	}
}

// runWholeCases runs a testdata file through a cursor and its sniffer.
func runWholeCases(t *testing.T, file string, c wholeCursor, looks func([]byte) bool) {
	t.Helper()
	var cases []wholeCase
	loadJSON(t, file, &cases)
	if len(cases) == 0 {
		t.Fatalf("no cases in %s", file)
	}
	for i := range cases {
		k := cases[i]
		in := latin1(k.In)
		if looks != nil {
			if got := looks(in); got != k.Looks {
				t.Errorf("%s: looks = %v, want %v", k.Name, got, k.Looks)
			}
		}
		if k.Want == nil {
			continue
		}
		got := wholeFields(t, c, in)
		if len(got) != len(k.Want) {
			t.Errorf("%s: got %q, want %q", k.Name, got, k.Want)
			continue
		}
		for j := range got {
			if got[j] != k.Want[j] {
				t.Errorf("%s: field %d = %q, want %q", k.Name, j, got[j], k.Want[j])
			}
		}
	}
}

// benchWhole times a cursor over one final window.
func benchWhole(b *testing.B, c wholeCursor, in []byte) {
	var f Field
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		c.Window(in, true)
		for c.Next(&f) == Found {
		}
	}
}
