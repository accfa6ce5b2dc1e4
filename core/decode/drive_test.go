package decode

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
)

// driven is what every streaming cursor can do.
type driven interface {
	Window(b []byte, final bool)
	Next(f *Field) State
	Consumed() int
}

// kindNames are the kinds as the test data writes them.
var kindNames = []string{"value", "name", "enter", "leave", "comment", "markup", "file", "filename", "type", "header", "rest"}

// record writes a joined field as "kind name=value" with marks behind it.
func record(kind Kind, name string, value []byte, escaped bool, flags Flags) string {
	s := kindNames[int(kind)] + " " + name + "=" + string(value)
	if escaped {
		s += " ~esc"
	}
	if flags&Truncated != 0 {
		s += " ~cut"
	}
	if flags&DepthLimit != 0 {
		s += " ~deep"
	}
	if flags&ExternalEntity != 0 {
		s += " ~xxe"
	}
	return s
}

// drive runs a cursor over in with windows of the sizes given in turn (each at
// least 4*Overlap, or 0 for the whole input) and joins partial pieces.
func drive(t *testing.T, c driven, in []byte, sizes ...int) []string {
	var out []string
	var join []byte
	var f Field
	open, escaped, flags := false, false, Flags(0)
	at, fed, turn := 0, 0, 0
	win := make([]byte, 0, 4096)
	for {
		size := sizes[turn%len(sizes)]
		if size == 0 {
			size = len(in) + 4*Overlap
		}
		turn++
		rest := len(win)
		n := size - rest
		if n < 0 {
			n = 0
		}
		if n > len(in)-fed {
			n = len(in) - fed
		}
		// A fresh buffer each time: slices of an old window must not be used.
		fresh := make([]byte, rest, rest+n)
		copy(fresh, win)
		for i := range win {
			win[i] = '#'
		}
		win = append(fresh, in[fed:fed+n]...)
		fed += n
		final := fed == len(in)
		c.Window(win, final)
		for calls := 0; ; calls++ {
			if calls > 4*len(win)+2*MaxDepth+16 {
				t.Fatalf("no progress at %d of %q", at, in)
			}
			s := c.Next(&f)
			if s == Done {
				if !final {
					t.Fatalf("done before the end of %q", in)
				}
				if open {
					t.Fatalf("done inside a partial value of %q", in)
				}
				return out
			}
			if s == NeedMore {
				break
			}
			if cut := Overlap - len(f.Value); open && cut > 0 && cut < 3 && (f.Kind == KindComment || f.Kind == KindMarkup) &&
				bytes.Equal(f.Value, join[len(join)-Overlap:len(join)-cut]) {
				// what the last piece ended with belongs to the end mark: */, --> or ?>
				join = join[:len(join)-cut]
				escaped, flags = escaped || f.Escaped, flags|f.Flags
			} else if open {
				if len(f.Value) < Overlap || !bytes.Equal(f.Value[:Overlap], join[len(join)-Overlap:]) {
					t.Fatalf("pieces do not overlap in %q", in)
				}
				join = append(join, f.Value[Overlap:]...)
				escaped, flags = escaped || f.Escaped, flags|f.Flags
			} else {
				join = append(join[:0], f.Value...)
				escaped, flags = f.Escaped, f.Flags
			}
			open = f.Partial
			if !open {
				out = append(out, record(f.Kind, string(f.Name), join, escaped, flags))
			}
		}
		if final {
			t.Fatalf("more wanted behind the end of %q", in)
		}
		used := c.Consumed()
		if used < 0 || used > len(win) {
			t.Fatalf("consumed %d of %d", used, len(win))
		}
		at += used
		win = win[used:]
		if used == 0 && len(win) >= size && size >= 4*Overlap {
			t.Fatalf("nothing consumed of a full window at %d of %q", at, in)
		}
	}
}

// same fails when two lists of fields differ.
func same(t *testing.T, what string, got, want []string) {
	for i := 0; i < len(got) || i < len(want); i++ {
		g, w := "(none)", "(none)"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Fatalf("%s: field %d is %.300q, want %.300q", what, i, g, w)
		}
	}
}

// covered fails when a run of four or more word bytes of in is in no field.
// syntax lists words of the format that no field repeats, in lower case: they
// mean the same however they are spelled.
func covered(t *testing.T, in []byte, fields []string, syntax ...string) {
	all := strings.Join(fields, "\n")
	for i := 0; i < len(in); {
		j := i
		for j < len(in) && scanClass[in[j]]&isWordByte != 0 {
			j++
		}
		if j-i >= 4 && !strings.Contains(all, string(in[i:j])) && !oneOf(in[i:j], syntax) {
			t.Fatalf("%q of %.300q is in no field: %.600q", in[i:j], in, all)
		}
		i = j + 1
	}
}

// oneOf reports whether word is one of a list in lower case, ignoring its case.
func oneOf(word []byte, list []string) bool {
	for _, s := range list {
		if foldEqual(word, s) {
			return true
		}
	}
	return false
}

// load reads a table of test data.
func load(t *testing.T, name string, into interface{}) {
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// cursorCase is one document and the fields that it gives.
type cursorCase struct {
	Name string   `json:"name"`
	In   string   `json:"in"`
	Opt  string   `json:"opt"`
	Out  []string `json:"out"`
}

// sniffTable lists what a sniffer takes and what it leaves.
type sniffTable struct {
	Yes []string `json:"yes"`
	No  []string `json:"no"`
}

// checkSniff runs a sniffer over the table's key.
func checkSniff(t *testing.T, key string, looks func([]byte) bool) {
	tables := map[string]sniffTable{}
	load(t, "sniff.json", &tables)
	table := tables[key]
	if len(table.Yes) == 0 || len(table.No) == 0 {
		t.Fatalf("no data for %s", key)
	}
	for _, s := range table.Yes {
		if !looks([]byte(s)) {
			t.Errorf("%s says no to %q", key, s)
		}
	}
	for _, s := range table.No {
		if looks([]byte(s)) {
			t.Errorf("%s says yes to %q", key, s)
		}
	}
	for _, s := range append(table.Yes, table.No...) {
		for i := 0; i <= len(s); i++ {
			looks([]byte(s[:i])) // no prefix may panic
		}
	}
}

// windowSizes are the sizes that the chunked tests use.
var windowSizes = []int{4 * Overlap, 4*Overlap + 1, 1500, 4096}

// stretch makes long documents of a short one: padding in the middle of each
// kind of place moves every border of a token over the windows' ends.
func stretch(in string) []string {
	pads := []int{250, 700, 1000, 1023, 1400, 2100}
	cuts := 9
	if !compiled { // an interpreter takes its time
		pads = pads[2:4]
		cuts = 2
	}
	var out []string
	for _, pad := range pads {
		for cut := 0; cut <= len(in); cut += 1 + len(in)/cuts {
			out = append(out, in[:cut]+strings.Repeat("xY0 ", pad/4)+"z"[:pad%2]+in[cut:])
		}
	}
	return append(out, strings.Repeat(in, 1+2500/(len(in)+1)))
}

// checkChunks compares chunked reading with whole reading for an input.
func checkChunks(t *testing.T, in []byte, fresh func() driven) {
	whole := drive(t, fresh(), in, 0)
	defer func() {
		if t.Failed() {
			t.Logf("input %q", in)
		}
	}()
	for _, size := range windowSizes {
		same(t, "windows of "+strconv.Itoa(size), drive(t, fresh(), in, size), whole)
	}
	same(t, "mixed windows", drive(t, fresh(), in, 1024, 1777, 1030), whole)
}

// measure drives a cursor over in without allocating and returns the number of
// fields.
func measure(c driven, in []byte, window int) int {
	var f Field
	n, lo, hi := 0, 0, window
	for {
		final := hi >= len(in)
		if final {
			hi = len(in)
		}
		c.Window(in[lo:hi], final)
		for {
			s := c.Next(&f)
			if s == Done {
				return n
			}
			if s == NeedMore {
				break
			}
			n++
		}
		lo += c.Consumed()
		hi = lo + window
	}
}

// compiled is false under an interpreter, where allocation counts mean nothing.
var compiled bool

func init() { compiled = testing.AllocsPerRun(1, func() {}) == 0 && !interpreted() }

// interpreted reports whether a plain call allocates, as it does in yaegi.
func interpreted() bool {
	add := func(a, b int) int { return a + b }
	x := 0
	n := testing.AllocsPerRun(2, func() { x = add(x, 1) })
	return n > 0
}

// spread pads a short fuzz input so that it is longer than a window.
func spread(in []byte, pad int) []byte {
	pad %= 3000
	cut := 0
	if len(in) > 0 {
		cut = pad % len(in)
	}
	out := make([]byte, 0, 2*len(in)+pad)
	out = append(out, in[:cut]...)
	for i := 0; i < pad; i++ {
		out = append(out, 'p')
	}
	out = append(out, in[cut:]...)
	return append(out, in...)
}

// withPrefix counts the lines that begin so.
func withPrefix(lines []string, prefix string) int {
	n := 0
	for _, s := range lines {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}
