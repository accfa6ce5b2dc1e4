package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
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
	b.WriteString("\n| symbol | features |\n|---:|---|\n")
	var g model.Grams
	var out [model.MaxStep]uint32
	g.Reset()
	for _, sym := range append(model.Normalize(nil, []byte(example)), 0) {
		fmt.Fprintf(&b, "| %d |", sym)
		for _, h := range out[:g.Step(sym, &out)] {
			fmt.Fprintf(&b, " `%08x`", h)
		}
		b.WriteString(" |\n")
	}
	b.WriteByte('\n')
	return b.String()
}

// TestFormatFormulas computes the example by the formulas of FORMAT.md, written
// down once more here.
func TestFormatFormulas(t *testing.T) {
	const m1, m2 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
	symbols := []uint64{27, 37, 28, 15, 18, 0}
	var l uint64
	var word, p, q uint32
	var b strings.Builder
	token := func(t uint32) {
		x := (uint64(t) ^ uint64(p)<<29) * m2
		y := (x ^ uint64(q)<<13) * m1
		fmt.Fprintf(&b, " `%08x` `%08x`", uint32((x^x>>29)*m1>>32), uint32((y^y>>31)*m2>>32))
		p, q = t, p
	}
	b.WriteString("\n| symbol | features |\n|---:|---|\n")
	for _, s := range symbols {
		fmt.Fprintf(&b, "| %d |", s)
		l = l<<6 + s
		for k, mask := range []uint64{1<<12 - 1, 1<<18 - 1, 1<<24 - 1} {
			fmt.Fprintf(&b, " `%08x`", uint32((l&mask|uint64(k+1)<<60)*m1>>32))
		}
		if s >= 1 && s <= 27 || s == 30 || s == 57 || s == 63 {
			word = (word ^ uint32(s)) * 0x01000193
			if word == 0 {
				word = 1
			}
		} else {
			if word != 0 {
				token(word)
				word = 0
			}
			if s != 0 && s != 28 {
				token(0x80000000 + uint32(s))
			}
		}
		b.WriteString(" |\n")
	}
	b.WriteByte('\n')
	if b.String() != features() {
		t.Errorf("by the formulas:\n%s\nby the code:\n%s", b.String(), features())
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
	bits := uint(data[9])
	if want := weights + 1<<bits + 1<<(bits-1) + 32; len(data) != want {
		t.Fatalf("%d bytes instead of %d", len(data), want)
	}
	if !bytes.Equal(data[:16], []byte{'G', 'L', 'A', 'C', 'I', 'S', 'M', '1', 1, byte(bits), byte(m.Scale()), 7, 3, 32, 14, 0}) {
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
		if w := int(int8(data[weights+int(h>>(32-bits))])); w != m.Weight(h) {
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
