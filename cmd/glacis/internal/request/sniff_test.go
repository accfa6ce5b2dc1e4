package request

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestSniff(t *testing.T) {
	for text, want := range map[string]string{
		"": "jsonl", "\n \n": "jsonl", "no format at all\n": "jsonl",
		"garbage\n{\"id\":1}\n":                                   "jsonl",
		"  {\"id\":1}":                                            "jsonl",
		`{"log":{"entries":[]}}`:                                  "har",
		"{\n \"$schema\": \"x\",\n \"log\" : {\n":                 "har",
		`{"log":"a line with a log member"}`:                      "jsonl",
		"# comment\n\ncurl -d x http://h\n":                       "curl",
		"$ curl http://h":                                         "curl",
		"curly braces\nGET / HTTP/1.1\n":                          "raw",
		"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n{\"json\":\"body\"}": "raw",
		`1.2.3.4 - - [d] "GET / HTTP/1.1" 200 1 "-" "curl/8"`:     "combined",
	} {
		s := open(t, []byte(text), Auto)
		if s.Format() != want {
			t.Errorf("%q: %s, want %s", text, s.Format(), want)
		}
	}
}

// TestSniffDoesNotWait checks that a slow pipe is recognised by its first line.
func TestSniffDoesNotWait(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	go func() { _, _ = io.WriteString(w, "GET / HTTP/1.1\r\n") }()
	s, err := Open(r, "in", Auto) // would hang
	if err != nil || s.Format() != "raw" {
		t.Fatal(s.Format(), err)
	}
}

func TestFormats(t *testing.T) {
	if got := Formats(); !slices.Equal(got, []string{"auto", "jsonl", "har", "raw", "curl", "combined"}) {
		t.Fatal(got)
	}
	if _, err := Open(strings.NewReader(""), "in", "yaml"); err == nil {
		t.Fatal("an unknown format was accepted")
	}
}
