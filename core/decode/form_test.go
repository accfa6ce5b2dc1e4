package decode

import (
	"strings"
	"testing"
)

func newForm() driven {
	c := &Form{}
	c.Reset()
	return c
}

func newSemiForm() driven {
	c := &Form{Semicolon: true}
	c.Reset()
	return c
}

func TestFormFields(t *testing.T) {
	var cases []cursorCase
	load(t, "form.json", &cases)
	for _, tc := range cases {
		c := newForm()
		if tc.Opt == "semicolon" {
			c = newSemiForm()
		}
		same(t, tc.Name, drive(t, c, []byte(tc.In), 0), tc.Out)
	}
}

func TestFormChunks(t *testing.T) {
	var cases []cursorCase
	load(t, "form.json", &cases)
	for _, tc := range cases {
		for _, long := range stretch(tc.In) {
			checkChunks(t, []byte(long), newForm)
			checkChunks(t, []byte(long), newSemiForm)
		}
	}
}

func TestFormLateEquals(t *testing.T) {
	// The '=' at byte 511 still ends a name, the one at 512 is part of a value.
	name := strings.Repeat("n", longToken-1)
	same(t, "name", drive(t, newForm(), []byte(name+"=v"), 1024), []string{"name " + name[:maxName] + "=" + name, "value " + name[:maxName] + "=v"})
	same(t, "value", drive(t, newForm(), []byte(name+"n=v"), 1024), []string{"value =" + name + "n=v"})
}

func TestFormReset(t *testing.T) {
	var c Form
	c.Semicolon = true
	for i := 0; i < 3; i++ {
		c.Reset()
		same(t, "after reset", drive(t, &c, []byte("a=1;b"), 0), []string{"name a=a", "value a=1", "value =b"})
	}
}

func TestLooksForm(t *testing.T) {
	checkSniff(t, "form", LooksForm)
}

func TestFormAllocations(t *testing.T) {
	in := []byte(strings.Repeat("name=value+more&other=%20x&", 200))
	var c Form
	if n := testing.AllocsPerRun(5, func() { c.Reset(); measure(&c, in, 2048) }); n > 1 && compiled {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkForm(b *testing.B) {
	in := []byte(strings.Repeat("username=jane.doe%40mail&comment=hello+world+this+is+text&id=42&", 1000))
	var c Form
	b.SetBytes(int64(len(in)))
	for i := 0; i < b.N; i++ {
		c.Reset()
		measure(&c, in, 16384)
	}
}
