package decode

import (
	"strings"
	"testing"
)

// newJSON makes a cursor for the drivers.
func newJSON() driven {
	c := &JSON{}
	c.Reset()
	return c
}

// withoutBrackets drops the bracket that KindEnter carries.
func withoutBrackets(fields []string) []string {
	for i, s := range fields {
		if strings.HasPrefix(s, "enter ") {
			s = strings.Replace(s, "={", "=", 1)
			fields[i] = strings.Replace(s, "=[", "=", 1)
		}
	}
	return fields
}

func TestJSONFields(t *testing.T) {
	var cases []cursorCase
	load(t, "json.json", &cases)
	for _, tc := range cases {
		got := withoutBrackets(drive(t, newJSON(), []byte(tc.In), 0))
		same(t, tc.Name, got, tc.Out)
	}
}

func TestJSONChunks(t *testing.T) {
	var cases []cursorCase
	load(t, "json.json", &cases)
	for _, tc := range cases {
		for _, long := range stretch(tc.In) {
			checkChunks(t, []byte(long), newJSON)
		}
	}
}

func TestJSONReset(t *testing.T) {
	var c JSON
	want := drive(t, newJSON(), []byte(`{"a":["b`), 0)
	for i := 0; i < 3; i++ {
		c.Reset()
		same(t, "after reset", drive(t, &c, []byte(`{"a":["b`), 0), want)
	}
}

func TestJSONZeroValue(t *testing.T) {
	var c JSON
	same(t, "zero value", drive(t, &c, []byte(`["\\"]`), 0), []string{`enter =[`, `value =\\ ~esc`, `leave =`})
}

func TestJSONDepth(t *testing.T) {
	for _, depth := range []int{MaxDepth - 1, MaxDepth, MaxDepth + 1, 5000} {
		in := strings.Repeat(`[`, depth) + `{"key":"value"}` + strings.Repeat(`]`, depth) + `["x"]`
		got := drive(t, newJSON(), []byte(in), 1024)
		enters, leaves := withPrefix(got, "enter"), withPrefix(got, "leave")
		if enters != leaves || enters > MaxDepth+1 {
			t.Fatalf("depth %d: %d enters, %d leaves", depth, enters, leaves)
		}
		all := strings.Join(got, "\n")
		if deep := strings.Contains(all, "~deep"); deep != (depth >= MaxDepth) {
			t.Fatalf("depth %d: deep is %v", depth, deep)
		}
		if !strings.Contains(all, "=key") || !strings.Contains(all, "=value") {
			t.Fatalf("depth %d: text lost: %s", depth, all)
		}
		same(t, "behind", got[len(got)-3:], []string{"enter =[", "value =x", "leave ="})
	}
}

func TestJSONLongKeyLabelsValue(t *testing.T) {
	key := strings.Repeat("k", 3000)
	in := []byte(`{"` + key + `":"` + strings.Repeat("v", 5000) + `","s":1}`)
	got := drive(t, newJSON(), in, 1024)
	label := key[:maxName]
	same(t, "long key", got, []string{"enter ={", "name " + label + "=" + key, "value " + label + "=" + strings.Repeat("v", 5000), "name s=s", "value s=1", "leave ="})
}

func TestLooksJSON(t *testing.T) {
	checkSniff(t, "json", LooksJSON)
}

func TestJSONAllocations(t *testing.T) {
	in := []byte(strings.Repeat(`{"name":"value","list":[1,2,"x\n"]}`, 200))
	var c JSON
	// One allocation is the interface value of the driver.
	if n := testing.AllocsPerRun(5, func() { c.Reset(); measure(&c, in, 2048) }); n > 1 && compiled {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkJSON(b *testing.B) {
	short := `{"id":12345,"name":"Jane Doe","tags":["a","b"],"ok":true,"text":"some words with \"quotes\" inside"},`
	in := []byte("[" + strings.Repeat(short, 640) + "0]")
	long := []byte(`{"data":"` + strings.Repeat("ordinary text ", 4600) + `"}`)
	var c JSON
	b.Run("short", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for i := 0; i < b.N; i++ {
			c.Reset()
			measure(&c, in, 16384)
		}
	})
	b.Run("long", func(b *testing.B) {
		b.SetBytes(int64(len(long)))
		for i := 0; i < b.N; i++ {
			c.Reset()
			measure(&c, long, 16384)
		}
	})
}
