package decode

import (
	"strings"
	"testing"
)

func newXML() driven {
	c := &XML{}
	c.Reset()
	return c
}

func TestXMLFields(t *testing.T) {
	var cases []cursorCase
	load(t, "xml.json", &cases)
	for _, tc := range cases {
		same(t, tc.Name, drive(t, newXML(), []byte(tc.In), 0), tc.Out)
	}
}

func TestXMLChunks(t *testing.T) {
	var cases []cursorCase
	load(t, "xml.json", &cases)
	for _, tc := range cases {
		for _, long := range stretch(tc.In) {
			checkChunks(t, []byte(long), newXML)
		}
	}
}

func TestXMLDepth(t *testing.T) {
	for _, depth := range []int{MaxDepth, MaxDepth + 1, 3000} {
		in := strings.Repeat("<abcd>", depth) + "<deep>text</deep>" + strings.Repeat("</abcd>", depth) + "<x/>"
		got := drive(t, newXML(), []byte(in), 1024)
		enters, leaves := withPrefix(got, "enter"), withPrefix(got, "leave")
		if enters != leaves || enters != MaxDepth+1 {
			t.Fatalf("depth %d: %d enters, %d leaves", depth, enters, leaves)
		}
		all := strings.Join(got, "\n")
		if !strings.Contains(all, "name deep=deep ~deep") || !strings.Contains(all, "value =text") {
			t.Fatalf("depth %d: text lost", depth)
		}
	}
}

func TestXMLLongNames(t *testing.T) {
	// Longer than any name: text for an element, pieces for an attribute.
	long := strings.Repeat("n", 5000)
	same(t, "element", drive(t, newXML(), []byte("<"+long+">x"), 1024), []string{"value =<" + long + ">x"})
	got := drive(t, newXML(), []byte("<a "+long+"=\"v\"/>"), 1024)
	label := long[:maxName]
	same(t, "attribute", got, []string{"enter a=a", "name " + label + "=" + long, "value " + label + "=v", "leave ="})
}

func TestXMLBillionLaughs(t *testing.T) {
	in := "<!DOCTYPE l [<!ENTITY a \"lol\">" + strings.Repeat("<!ENTITY b \"&a;&a;&a;&a;\">", 500) + "]><l>&b;</l>"
	out := 0
	for _, s := range drive(t, newXML(), []byte(in), 1024) {
		out += len(s)
	}
	if out > 4*len(in) {
		t.Fatalf("%d bytes of fields from %d", out, len(in))
	}
}

func TestLooksXML(t *testing.T) {
	checkSniff(t, "xml", LooksXML)
	long := "<orders>" + strings.Repeat("<order>1</order>", 2000)
	if !LooksXML([]byte(long)) {
		t.Fatal("long document")
	}
}

func TestXMLAllocations(t *testing.T) {
	in := []byte(strings.Repeat("<a b=\"c\">text &amp; more<!-- x --></a>", 200))
	var c XML
	if n := testing.AllocsPerRun(5, func() { c.Reset(); measure(&c, in, 2048) }); n > 1 && compiled {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkXML(b *testing.B) {
	in := []byte(strings.Repeat("<item id=\"12\" type='x'>some ordinary text &amp; more of it</item>\n", 1000))
	var c XML
	b.SetBytes(int64(len(in)))
	for i := 0; i < b.N; i++ {
		c.Reset()
		measure(&c, in, 16384)
	}
}
