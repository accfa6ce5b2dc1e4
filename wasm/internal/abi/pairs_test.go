package abi

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, block []byte) []string {
	t.Helper()
	p, err := Parse(block)
	if err != nil {
		t.Fatalf("%q: %v", block, err)
	}
	var got []string
	for name, value, ok := p.Next(); ok; name, value, ok = p.Next() {
		got = append(got, name, value)
	}
	return got
}

func TestPairs(t *testing.T) {
	for _, want := range [][]string{
		nil,
		{":path", "/"},
		{"cookie", "a=1", "cookie", "b=2", "x-empty", ""},
		{"", ""},
		{"x", strings.Repeat("y", 70000)},
		{"nul", "a\x00b"},
	} {
		if got := read(t, AppendMap(nil, want...)); !slices.Equal(got, want) {
			t.Errorf("%q became %q", want, got)
		}
	}
	if got := read(t, nil); got != nil {
		t.Errorf("no block is %q", got)
	}
}

func TestParseRefuses(t *testing.T) {
	good := AppendMap(nil, "name", "value", "other", "text")
	for n := 1; n < len(good); n++ {
		if _, err := Parse(good[:n]); err == nil {
			t.Errorf("the first %d bytes of %d were taken", n, len(good))
		}
	}
	for at := 0; at < 4+8*2; at += 4 {
		for _, size := range []uint32{1 << 16, 1 << 24, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
			bad := slices.Clone(good)
			binary.LittleEndian.PutUint32(bad[at:], size)
			if _, err := Parse(bad); err == nil {
				t.Errorf("length %d at byte %d was taken", size, at)
			}
		}
	}
}

func TestPairsAllocateNothing(t *testing.T) {
	block := AppendMap(nil, ":path", "/", "cookie", "a=1", "user-agent", "x")
	if n := testing.AllocsPerRun(100, func() {
		p, _ := Parse(block)
		for _, _, ok := p.Next(); ok; _, _, ok = p.Next() {
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
