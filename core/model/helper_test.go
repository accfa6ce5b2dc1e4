package model

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/models/basic"
)

// basicModel is the model that ships.
func basicModel(t testing.TB) *Model {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// table reads a data table of testdata into v.
func table(t testing.TB, name string, v interface{}) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

// toySlots is the number of weights of a toy.
const toySlots = 13 << 9

// toy makes the tables of a model that knows one word, "attack!": the n-grams
// inside of it weigh 10, all other features rest, and its trigrams are the gate.
// What stands around the word has no say.
func toy(rest int8) *Tables {
	t := &Tables{Name: "toy", Version: "1.2.3", Created: "2026-11-22", Kind: "basic", Scale: 24, Bias: -5}
	t.Weights = make([]int8, toySlots)
	t.Tags = make([]uint8, toySlots/TagSlots)
	for i := 0; i < len(t.Weights); i++ {
		t.Weights[i] = rest
	}
	// a feature is inside of the word when no context changes it
	var g, other grams
	var out, elsewhere [maxStep]uint32
	for i := 0; i < 12; i++ {
		g.step(1, &out)
		other.step(kernel.SymPunct+uint8(i), &elsewhere)
	}
	word := normalize(nil, nil, []byte("attack!"))
	for i := 0; i < len(word); i++ {
		n := g.step(word[i], &out)
		other.step(word[i], &elsewhere)
		for k := 0; k < n; k++ {
			if out[k] == elsewhere[k] {
				t.Weights[Slot(out[k], toySlots)] = 10
				t.Tags[Slot(out[k], toySlots)/TagSlots] = uint8(SQLi)
			}
		}
		if i >= 2 {
			tri := uint32(word[i-2])<<12 | uint32(word[i-1])<<6 | uint32(word[i])
			t.Gate[tri>>6] |= 1 << (tri & 63)
		}
	}
	for i := 0; i < flagCount; i++ {
		t.Flags[i] = i - 3
	}
	for l := 0; l < Locs; l++ {
		for k := 0; k < Levels; k++ {
			t.Levels[l][k] = 20*(k+1) + l
		}
	}
	return t
}

// toyModel loads a toy.
func toyModel(t testing.TB, rest int8) *Model {
	t.Helper()
	data, err := toy(rest).Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rate scans and scores a value.
func rate(s *Scorer, v string, flags decode.Flags) int {
	var h kernel.Hits
	kernel.Scan([]byte(v), s.model.Gate(), &h)
	return s.Score([]byte(v), &h, flags)
}

// explain scans and explains a value.
func explain(s *Scorer, v string, flags decode.Flags) Explanation {
	var h kernel.Hits
	kernel.Scan([]byte(v), s.model.Gate(), &h)
	return s.Explain([]byte(v), &h, flags)
}

// repeat returns n bytes of p.
func repeat(p string, n int) string {
	b := make([]byte, 0, n+len(p))
	for len(b) < n {
		b = append(b, p...)
	}
	return string(b[:n])
}
