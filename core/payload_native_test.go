package core

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"
)

func squeezed(t *testing.T, format string, in []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var z io.WriteCloser
	switch format {
	case "gzip":
		z = gzip.NewWriter(&out)
	case "zlib":
		z = zlib.NewWriter(&out)
	default:
		z, _ = flate.NewWriter(&out, 6)
	}
	if _, err := z.Write(in); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPayload checks that compressed bodies are seen in every format, declared
// or not, cut off or followed by something, in any chunks.
func TestPayload(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	const mark = "mark of the payload"
	text := []byte(strings.Repeat("words and numbers 12345 ", 3000) + mark)
	cases := []struct {
		name, encoding string
		body           []byte
	}{
		{"gzip", "gzip", squeezed(t, "gzip", text[60000:])},
		{"gzip undeclared", "", squeezed(t, "gzip", text[60000:])},
		{"zlib as deflate", "deflate", squeezed(t, "zlib", text[60000:])},
		{"raw as deflate", "deflate", squeezed(t, "raw", text[60000:])},
		{"two members", "gzip", append(squeezed(t, "gzip", []byte("first ")), squeezed(t, "gzip", []byte(mark))...)},
		{"text behind", "gzip", append(squeezed(t, "gzip", []byte("first ")), mark...)},
		{"plain as gzip", "gzip", []byte(mark)},
		{"plain as deflate", "deflate", []byte("{\"a\":\"" + mark + "\"}")},
	}
	for _, tc := range cases {
		r := &Request{Method: "POST", URI: "/", Headers: []Header{{"Content-Encoding", tc.encoding}}, Body: tc.body}
		var whole lister
		e.Visit(r, &whole)
		if !strings.Contains(strings.Join(whole.lines, "\n"), mark) {
			t.Errorf("%s: not seen", tc.name)
		}
		for _, n := range []int{1, 2, 100, 1023, 1025} {
			var parts lister
			chunked(newTransaction(e, &parts), r, n)
			if strings.Join(parts.lines, "\n") != strings.Join(whole.lines, "\n") {
				t.Errorf("%s: chunks of %d give other values", tc.name, n)
			}
		}
	}
}

// TestBomb checks that a bomb is stopped at the same byte in any chunks, and
// that what was left out is counted.
func TestBomb(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: "POST", URI: "/", Body: squeezed(t, "gzip", make([]byte, 20<<20))}
	want := e.Inspect(r)
	if want.Limits[LimitExpansion] != 1 || want.Uninspected == 0 {
		t.Fatalf("not counted: %+v", want)
	}
	for _, n := range []int{7, 1000, 1024, 5000} {
		tx := e.Begin()
		if v := chunked(tx, r, n); !sameVerdict(&v, &want) {
			t.Errorf("chunks of %d: %+v instead of %+v", n, v, want)
		}
		tx.Close()
	}
}

// turner is a Decompressor that turns every byte over; a byte 0 is an error.
type turner struct{}

func (d *turner) Write(b []byte, emit func([]byte) bool) error {
	out := make([]byte, len(b))
	for i, c := range b {
		if c == 0 {
			return errors.New("turn: zero byte")
		}
		out[i] = ^c
	}
	emit(out)
	return nil
}

func (d *turner) Close(emit func([]byte) bool) error { return nil }

// TestPlugged checks a decompressor of the configuration: its output is judged,
// and a body that it cannot read is judged as it came.
func TestPlugged(t *testing.T) {
	e, err := New(Config{Decompressors: map[string]NewDecompressor{"turn": func() Decompressor { return new(turner) }}})
	if err != nil {
		t.Fatal(err)
	}
	plainText := []byte("a text that is turned over")
	turned := make([]byte, len(plainText))
	for i, c := range plainText {
		turned[i] = ^c
	}
	for _, tc := range []struct {
		body []byte
		want string
	}{{turned, string(plainText)}, {append([]byte("not turned"), 0), "not turned"}} {
		r := &Request{Method: "POST", URI: "/", Headers: []Header{{"Content-Encoding", "Turn"}}, Body: tc.body}
		var l lister
		e.Visit(r, &l)
		if !strings.Contains(strings.Join(l.lines, "\n"), tc.want) {
			t.Errorf("%q not seen in %q", tc.want, l.lines)
		}
	}
}
