package model

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/decode"
)

// seal makes the checksum right again, so that a test meets the check behind it.
func seal(data []byte) {
	body := data[:len(data)-sha256.Size]
	sum := sha256.Sum256(body)
	copy(data[len(body):], sum[:])
}

func TestRoundTrip(t *testing.T) {
	tab := toy(-1)
	data, err := tab.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := tab.Encode(); !bytes.Equal(data, again) {
		t.Error("two encodings differ")
	}
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name() != "toy 1.2.3" || m.Version() != "1.2.3" || m.Created() != "2026-11-22" || m.Kind() != "basic" ||
		m.Scale() != 24 || m.bias != -5 {
		t.Errorf("head: %s %s %s %d %d", m.Name(), m.Created(), m.Kind(), m.Scale(), m.bias)
	}
	seen := make([]bool, len(tab.Weights))
	for h := uint64(0); h < 1<<32; h += 99991 {
		i := Slot(uint32(h), len(tab.Weights))
		seen[i] = true
		if m.Weight(uint32(h)) != int(tab.Weights[i]) || m.tag(uint32(h)) != Family(tab.Tags[i/TagSlots]) {
			t.Fatalf("slot %d: %d %d", i, m.Weight(uint32(h)), m.tag(uint32(h)))
		}
	}
	for i := 0; i < len(seen); i++ {
		if !seen[i] {
			t.Fatalf("no feature has slot %d", i)
		}
	}
	for i := 0; i < len(tab.Gate); i++ {
		if m.gate[i] != tab.Gate[i] {
			t.Fatalf("gate word %d", i)
		}
	}
	for l := 0; l < Locs; l++ {
		for k := 0; k < Levels; k++ {
			if m.levels[l][k] != tab.Levels[l][k] {
				t.Errorf("threshold %d of location %d: %d", k, l, m.levels[l][k])
			}
		}
	}
	for i := 0; i < flagCount; i++ {
		if w := m.FlagWeight(decode.Flags(1) << uint(i)); w != tab.Flags[i] {
			t.Errorf("flag %d weighs %d", i, w)
		}
	}
	if w := m.FlagWeight(1 | 4 | 1<<31); w != -3-1+28 {
		t.Errorf("three flags weigh %d", w)
	}
}

// TestCorrupt spoils one field at a time and makes the checksum right again:
// the field's own check has to find it.
func TestCorrupt(t *testing.T) {
	var cases []struct {
		Name  string `json:"name"`
		At    int    `json:"at"`
		Bytes []int  `json:"bytes"`
		Want  string `json:"want"`
	}
	table(t, "corrupt.json", &cases)
	good, err := toy(-1).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		data := append([]byte(nil), good...)
		for k := 0; k < len(c.Bytes); k++ {
			data[c.At+k] = byte(c.Bytes[k])
		}
		seal(data)
		expectDefect(t, c.Name, data, c.Want)
	}
	data := append([]byte(nil), good...)
	for i := headSize; i < headSize+gateBytes; i++ {
		data[i] = 0
	}
	seal(data)
	expectDefect(t, "gate", data, "empty gate")
	data = append([]byte(nil), good...)
	for i := headSize + gateBytes; i < headSize+gateBytes+toySlots; i++ {
		data[i] = 0
	}
	seal(data)
	expectDefect(t, "weights", data, "all weights are zero")
	data[headSize+gateBytes] = 1
	seal(data)
	if _, err := Load(data); err != nil {
		t.Errorf("a single weight: %v", err)
	}
}

func expectDefect(t *testing.T, name string, data []byte, want string) {
	t.Helper()
	m, err := Load(data)
	if m != nil || err == nil || !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: model %t, error %v", name, m != nil, err)
	}
}

// TestEveryByteCounts flips a bit all over the file: the checksum, or a check
// before it, finds each.
func TestEveryByteCounts(t *testing.T) {
	data, err := toy(-1).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(data); {
		data[i] ^= 16
		if m, err := Load(data); m != nil || err == nil {
			t.Errorf("byte %d changed: no error", i)
		}
		data[i] ^= 16
		if i < headSize || i >= len(data)-sha256.Size {
			i++
		} else {
			i += 211
		}
	}
	if _, err := Load(data); err != nil {
		t.Error(err)
	}
}

func TestLengths(t *testing.T) {
	good, err := toy(-1).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(good); {
		if m, err := Load(good[:n]); m != nil || err == nil {
			t.Errorf("%d of %d bytes: no error", n, len(good))
		}
		if n < headSize || n > len(good)-40 {
			n++
		} else {
			n += 499
		}
	}
	if m, err := Load(append(append([]byte(nil), good...), 0)); m != nil || err == nil {
		t.Error("one byte more: no error")
	}
	if m, err := Load(nil); m != nil || err == nil {
		t.Error("nothing: no error")
	}
}

// spoil sets a field of the tables by its name in encode.json, or the length of
// one of their lists.
func spoil(t *testing.T, tab *Tables, field string, value int) {
	t.Helper()
	switch field {
	case "slots":
		tab.Weights = make([]int8, value)
		tab.Tags = make([]uint8, value/TagSlots)
		tab.Weights[0] = 1
	case "scale":
		tab.Scale = value
	case "first flag":
		tab.Flags[0] = value
	case "last flag":
		tab.Flags[flagCount-1] = value
	case "first tag":
		tab.Tags[0] = uint8(value)
	case "last tag":
		tab.Tags[len(tab.Tags)-1] = uint8(value)
	case "weights":
		tab.Weights = make([]int8, value)
	case "tags":
		tab.Tags = make([]uint8, value)
	case "name":
		tab.Name = strings.Repeat("n", value)
	case "version":
		tab.Version = strings.Repeat("v", value)
	case "created":
		tab.Created = strings.Repeat("c", value)
	case "kind":
		tab.Kind = strings.Repeat("k", value)
	default:
		t.Fatalf("no field %q", field)
	}
}

// TestEncodeRanges checks the first values that the format cannot hold, which
// Encode refuses, and the last ones that it can, which come back.
func TestEncodeRanges(t *testing.T) {
	var cases []struct {
		Field string `json:"field"`
		Value int    `json:"value"`
		Want  string `json:"want"`
	}
	table(t, "encode.json", &cases)
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		tab := toy(-1)
		spoil(t, tab, c.Field, c.Value)
		data, err := tab.Encode()
		if c.Want != "" {
			if err == nil || data != nil || !strings.Contains(err.Error(), c.Want) {
				t.Errorf("%s %d: %d bytes, error %v", c.Field, c.Value, len(data), err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %d: %v", c.Field, c.Value, err)
			continue
		}
		m, err := Load(data)
		if err != nil {
			t.Errorf("%s %d: load: %v", c.Field, c.Value, err)
			continue
		}
		last := uint32(0xffffffff)
		if len(m.weights) != len(tab.Weights) || m.scale != tab.Scale || m.flags[0] != tab.Flags[0] || m.flags[flagCount-1] != tab.Flags[flagCount-1] ||
			m.tag(0) != Family(tab.Tags[0]) || m.tag(last) != Family(tab.Tags[len(tab.Tags)-1]) ||
			m.name != tab.Name || m.version != tab.Version || m.created != tab.Created || m.kind != tab.Kind {
			t.Errorf("%s %d comes back changed", c.Field, c.Value)
		}
	}
}

func TestLevel(t *testing.T) {
	m := toyModel(t, -1)
	for l := 0; l < Locs; l++ {
		last := 0
		for raw := -400; raw < 800; raw++ {
			level, score := m.Level(l, raw)
			if score < last || score > 100 || score < 0 {
				t.Fatalf("location %d: %d scores %d after %d", l, raw, score, last)
			}
			last = score
			if want := (raw - l) / 20; raw >= 20+l && want <= 3 && level != want {
				t.Errorf("location %d: %d reaches level %d", l, raw, level)
			}
			if (score >= 50) != (level >= 1) || (score >= 75) != (level >= 2) || (score >= 90) != (level >= 3) {
				t.Errorf("location %d: level %d with score %d", l, level, score)
			}
		}
		if level, score := m.Level(l, Clean); level != 0 || score != 0 {
			t.Errorf("location %d: clean reaches level %d, score %d", l, level, score)
		}
	}
}
