package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/model"
)

const (
	formatFile = "FORMAT.md"
	example    = "1' OR"
	begins     = "update rewrites what follows -->\n"
	ends       = "<!-- end of the example -->"
)

// TestFormatExample compares the worked example with the code.
func TestFormatExample(t *testing.T) {
	text, err := os.ReadFile(formatFile)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begins)
	have, tail, ok2 := strings.Cut(rest, ends)
	if !ok || !ok2 {
		t.Fatal("the example's marks are missing")
	}
	want := features()
	if have == want {
		return
	}
	if !*update {
		t.Fatalf("the example differs; the code says:\n%s", want)
	}
	if err := os.WriteFile(formatFile, []byte(head+begins+want+ends+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// features writes the table of the worked example.
func features() string {
	var b strings.Builder
	b.WriteString(tableHead)
	var g model.Grams
	var out [model.MaxStep]uint32
	g.Reset()
	for _, sym := range model.Normalize(nil, []byte(example)) {
		row(&b, fmt.Sprint(sym), out[:g.Step(sym, &out)])
	}
	row(&b, "end", out[:g.Finish(&out)])
	b.WriteByte('\n')
	return b.String()
}

const tableHead = "\n| symbol | features |\n|---:|---|\n"

// row writes the features of one symbol; those of the edges in bold.
func row(b *strings.Builder, sym string, hashes []uint32) {
	fmt.Fprintf(b, "| %s |", sym)
	for _, h := range hashes {
		if h >= 7<<29 {
			fmt.Fprintf(b, " **`%08x`**", h)
		} else {
			fmt.Fprintf(b, " `%08x`", h)
		}
	}
	b.WriteString(" |\n")
}

// byFormula computes features as FORMAT.md describes them.
type byFormula struct {
	l      uint64
	seen   int // symbols
	tokens int
	word   uint32
	p, q   uint32
}

const m1, m2 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F

// place puts the edges into the last eighth and all others before it.
func place(hash uint32, edge bool) uint32 {
	const last = 7 << 29
	if edge {
		return hash | last
	}
	if hash >= last {
		return hash - 1<<31
	}
	return hash
}

// chars are the character n-grams at the last symbol, of which the value has real.
func (f *byFormula) chars(out []uint32, real int) []uint32 {
	for k := 1; k <= 3; k++ {
		n := k + 1
		hash := uint32((f.l&(1<<(6*n)-1) | uint64(k)<<60) * m1 >> 32)
		out = append(out, place(hash, real < n))
	}
	return out
}

func (f *byFormula) token(t uint32, out []uint32) []uint32 {
	b := (uint64(t) ^ uint64(f.p)<<29) * m2
	c := (b ^ uint64(f.q)<<13) * m1
	out = append(out, place(uint32((b^b>>29)*m1>>32), f.tokens < 1), place(uint32((c^c>>31)*m2>>32), f.tokens < 2))
	f.p, f.q = t, f.p
	f.tokens++
	return out
}

func (f *byFormula) endWord(out []uint32) []uint32 {
	if f.word != 0 {
		out = f.token(f.word, out)
		f.word = 0
	}
	return out
}

func (f *byFormula) step(s uint64) []uint32 {
	f.l = f.l<<6 + s
	f.seen++
	out := f.chars(nil, f.seen)
	if s >= 1 && s <= 27 || s == 30 || s == 57 || s == 63 {
		f.word = (f.word ^ uint32(s)) * 0x01000193
		if f.word == 0 {
			f.word = 1
		}
		return out
	}
	out = f.endWord(out)
	if s != 0 && s != 28 {
		out = f.token(1<<31+uint32(s), out)
	}
	return out
}

func (f *byFormula) end() []uint32 {
	f.l <<= 6
	var out []uint32
	if f.seen > 0 {
		out = f.chars(nil, 0)
	}
	return f.endWord(out)
}

// TestFormatFormulas computes the example by the formulas of FORMAT.md, written
// down once more here.
func TestFormatFormulas(t *testing.T) {
	var b strings.Builder
	b.WriteString(tableHead)
	var f byFormula
	for _, s := range []uint64{27, 37, 28, 15, 18} {
		row(&b, fmt.Sprint(s), f.step(s))
	}
	row(&b, "end", f.end())
	b.WriteByte('\n')
	if b.String() != features() {
		t.Errorf("by the formulas:\n%s\nby the code:\n%s", b.String(), features())
	}
}

// TestFormulasOnText compares formulas and code on the golden requests' text.
func TestFormulasOnText(t *testing.T) {
	text, err := os.ReadFile("testdata/golden_requests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range append(bytes.Split(text, []byte("\n")), []byte("a"), []byte("'"), []byte{0}) {
		var g model.Grams
		var out [model.MaxStep]uint32
		g.Reset()
		var f byFormula
		for i, sym := range model.Normalize(nil, line) {
			if n := g.Step(sym, &out); !slices.Equal(out[:n], f.step(uint64(sym))) {
				t.Fatalf("%.80q: features at symbol %d differ", line, i)
			}
		}
		if n := g.Finish(&out); !slices.Equal(out[:n], f.end()) {
			t.Fatalf("%.80q: features of the end differ", line)
		}
	}
}

// TestFormatLayout reads the embedded model by the offsets of FORMAT.md alone.
func TestFormatLayout(t *testing.T) {
	text, err := os.ReadFile(formatFile)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \| (\d+) \| `).FindAllStringSubmatch(string(text), -1) {
		offset, _ := strconv.Atoi(row[1])
		size, _ := strconv.Atoi(row[2])
		if offset != at {
			t.Errorf("offset %d, but the field before ends at %d", offset, at)
		}
		at = offset + size
	}
	const weights = 33068
	if at != weights {
		t.Errorf("the gate ends at %d", at)
	}
	data := tables(t)
	m, err := model.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	slots := int(binary.LittleEndian.Uint32(data[148:]))
	if want := weights + slots + slots/8 + 32; len(data) != want {
		t.Fatalf("%d bytes instead of %d", len(data), want)
	}
	if !bytes.Equal(data[:16], []byte{'G', 'L', 'A', 'C', 'I', 'S', 'M', '1', 2, 2, byte(m.Scale()), 7, 3, 32, 14, 3}) {
		t.Errorf("head % x", data[:16])
	}
	for offset, want := range map[int]string{16: strings.Fields(m.Name())[0], 48: m.Version(), 80: m.Created(), 112: m.Kind()} {
		if s := string(bytes.TrimRight(data[offset:offset+32], "\x00")); s != want {
			t.Errorf("offset %d: %q instead of %q", offset, s, want)
		}
	}
	if w := int(int16(binary.LittleEndian.Uint16(data[152+2*7:]))); w != m.FlagWeight(1<<7) {
		t.Errorf("flag 7 weighs %d", w)
	}
	for i := range 4096 {
		if m.Gate()[i] != binary.LittleEndian.Uint64(data[300+8*i:]) {
			t.Fatalf("gate word %d", i)
		}
	}
	for _, h := range []uint32{0, 1, 0x80000000, 0xdeadbeef, 0xffffffff} {
		if w := int(int8(data[weights+int(uint64(h)*uint64(slots)>>32)])); w != m.Weight(h) {
			t.Errorf("feature %08x weighs %d", h, w)
		}
	}
	high := int(int32(binary.LittleEndian.Uint32(data[216+4*(3*1+1):])))
	if level, _ := m.Level(1, high); level != 2 {
		t.Errorf("the threshold of query and high reaches level %d", level)
	}
	if level, _ := m.Level(1, high-1); level != 1 {
		t.Errorf("one below the threshold of query and high reaches level %d", level)
	}
	if sum := sha256.Sum256(data[:len(data)-32]); !bytes.Equal(sum[:], data[len(data)-32:]) {
		t.Error("checksum")
	}
}
