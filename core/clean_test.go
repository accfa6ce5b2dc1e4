package core

import "testing"

// TestClean checks what is proven without a transaction, and what is not: what
// a transaction finds, what it has not seen, what limits forbid.
func TestClean(t *testing.T) {
	e, err := New(Config{Interpreter: Interpreted()})
	if err != nil {
		t.Fatal(err)
	}
	block := "Accept: text/html\n"
	lines := func(t *Transaction) func() {
		return func() { t.Header("Accept", "text/html") }
	}
	if e.Clean("GET", "/a?b=c", block) >= 0 {
		t.Error("header lines that nobody has seen are proven clean")
	}
	tx := e.Begin()
	tx.RequestLine("GET", "/")
	tx.Headers(block, lines(tx))
	tx.End()
	tx.Close()
	for _, uri := range []string{"/", "/shop/lamps", "/shop/lamps?page=2", "/search/green", "/shop?color=green&page=2", "/shop?q=green+lamps"} {
		want := e.Inspect(&Request{Method: "GET", URI: uri}) // the path may be near the gate
		if got := e.Clean("GET", uri, block); got != want.Score {
			t.Errorf("%s is proven to score %d, want %d", uri, got, want.Score)
		}
	}
	for _, uri := range []string{"", "*", "/shop?id=1'+or+'1'='1", "/a?b=%3Cscript", "/..%2fetc/passwd", "/a?b=c#d", "//a", "/a?a=1&a=2", "/Shop"} {
		if e.Clean("GET", uri, block) >= 0 {
			t.Errorf("%s is proven clean", uri)
		}
	}
	if e.Clean("POST", "/", block) >= 0 || e.Clean("<X>", "/", block) >= 0 || e.Clean("GET", "/", block+"x") >= 0 {
		t.Error("a method with a body, an odd one or another block is proven clean")
	}
	tight, err := New(Config{Interpreter: Interpreted(), Limits: Limits{HeaderBytes: 40}})
	if err != nil {
		t.Fatal(err)
	}
	tx = tight.Begin()
	tx.RequestLine("GET", "/")
	tx.Headers(block, lines(tx))
	tx.End()
	tx.Close()
	if tight.Clean("GET", "/a", block) < 0 || tight.Clean("GET", "/shop/lamps/green/lamps", block) >= 0 {
		t.Error("the limit of header bytes is not regarded")
	}
}
