package decode

import (
	"strings"
	"testing"
)

func TestCookieFields(t *testing.T) {
	var cases []cursorCase
	load(t, "cookie.json", &cases)
	for _, tc := range cases {
		var c Cookie
		same(t, tc.Name, drive(t, &c, []byte(tc.In), 0), tc.Out)
		covered(t, []byte(tc.In), tc.Out)
	}
}

func TestCookieReuse(t *testing.T) {
	var c Cookie
	for i := 0; i < 3; i++ {
		same(t, "again", drive(t, &c, []byte("a=\"b\"c"), 0), []string{"name a=a", "value a=b", "rest a=c"})
		c.Reset()
	}
}

func TestCookieQuotesAreLinear(t *testing.T) {
	// Open quotes must not make the cursor read to the end for each pair.
	in := strings.Repeat("a=\"x;", 2000) + strings.Repeat("a=\"\",", 2000)
	if got := drive(t, &Cookie{}, []byte(in), 0); len(got) == 0 {
		t.Fatal("nothing read")
	}
}

func TestCookieAllocations(t *testing.T) {
	in := []byte(strings.Repeat("name=value; other=\"quoted\"; ", 50))
	var c Cookie
	if n := testing.AllocsPerRun(5, func() { c.Reset(); measure(&c, in, 2048) }); n > 1 && compiled {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkCookie(b *testing.B) {
	in := []byte(strings.Repeat("session=0123456789abcdef; theme=dark; _ga=GA1.2.123456789.1600000000; ", 20))
	var c Cookie
	b.SetBytes(int64(len(in)))
	for i := 0; i < b.N; i++ {
		measure(&c, in, len(in))
	}
}
