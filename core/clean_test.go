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
	if e.Clean("GET", "/a?b=c", block, Header{}, nil) >= 0 {
		t.Error("header lines that nobody has seen are proven clean")
	}
	tx := e.Begin()
	tx.RequestLine("GET", "/")
	tx.Headers(block, lines(tx))
	tx.End()
	tx.Close()
	for _, uri := range []string{"/", "/shop/lamps", "/shop/lamps?page=2", "/search/green", "/shop?color=green&page=2", "/shop?q=green+lamps"} {
		want := e.Inspect(&Request{Method: "GET", URI: uri}) // the path may be near the gate
		if got := e.Clean("GET", uri, block, Header{}, nil); got != want.Score {
			t.Errorf("%s is proven to score %d, want %d", uri, got, want.Score)
		}
	}
	for _, uri := range []string{"", "*", "/shop?id=1'+or+'1'='1", "/a?b=%3Cscript", "/..%2fetc/passwd", "/a?b=c#d", "//a", "/a?a=1&a=2", "/Shop"} {
		if e.Clean("GET", uri, block, Header{}, nil) >= 0 {
			t.Errorf("%s is proven clean", uri)
		}
	}
	if e.Clean("<X>", "/", block, Header{}, nil) >= 0 || e.Clean("GET", "/", block+"x", Header{}, nil) >= 0 {
		t.Error("an odd method or another block is proven clean")
	}
	for _, c := range []struct {
		name, value string
		want        bool
	}{{"X-Request-Id", "ac21363d-19bc-44b3-a958-760ebee58d97", true}, {"x-trace", "", true}, {"X-Request-Id", "1' or '1'='1", false}, {"X-Request-Id", "PHNjcmlwdD4x", false},
		{"Cookie", "sid-ac21363d", false}, {"Authorization", "Basic", false}} {
		if got := e.Clean("GET", "/", block, Header{Name: c.name, Value: c.value}, nil) >= 0; got != c.want {
			t.Errorf("%s: %s: proven is %v", c.name, c.value, got)
		}
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
	if tight.Clean("GET", "/a", block, Header{Name: "X-Id", Value: "ac21363d-19bc-44b3"}, nil) >= 0 {
		t.Error("the line of its own does not count for the limit of header bytes")
	}
	if tight.Clean("GET", "/a", block, Header{}, nil) < 0 || tight.Clean("GET", "/shop/lamps/green/lamps", block, Header{}, nil) >= 0 {
		t.Error("the limit of header bytes is not regarded")
	}
}

// TestCleanBody checks which bodies are proven, by what their headers say.
func TestCleanBody(t *testing.T) {
	e, err := New(Config{Interpreter: Interpreted()})
	if err != nil {
		t.Fatal(err)
	}
	show := func(kind string) {
		tx := e.Begin()
		tx.RequestLine("POST", "/")
		tx.Headers(kind, func() { tx.Header("Content-Type", kind) })
		tx.End()
		tx.Close()
	}
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=b"} {
		show(kind)
	}
	cases := []struct {
		kind, body string
		want       bool
	}{
		{"application/json", `{"name":"green lamp","count":12,"note":""}`, true},
		{"application/json", `[{"name":"green lamp"},{"name":"table"}]`, true},
		{"application/json", `[1,2,3]`, false},
		{"application/json", `{"name":"1' or '1'='1"}`, false},
		{"application/json", `{"name":"\u0027"}`, false},
		{"application/json", `{"name":"green lamp"`, false},
		{"application/json", `{}`, false},
		{"application/x-www-form-urlencoded", "name=green+lamp&count=12&note=", true},
		{"application/x-www-form-urlencoded", "name=green+lamp&name=12", false},
		{"application/x-www-form-urlencoded", "name=1'+or+'1'='1", false},
		{"application/x-www-form-urlencoded", `{"name":"green lamp"}`, false},
		{"text/plain", `{"name":"green lamp"}`, false},
		{"multipart/form-data; boundary=b", `{"name":"green lamp"}`, false},
	}
	for _, c := range cases {
		if got := e.Clean("POST", "/", c.kind, Header{}, []byte(c.body)) >= 0; got != c.want {
			t.Errorf("%s %s: proven is %v", c.kind, c.body, got)
		}
	}
}
