package message

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/glacis-waf/glacis/core"
)

type messageCase struct {
	Name, In, Framing string
	Method, URI       string
	Headers, Trailers [][2]string
	Body              string
	Truncated         bool
	Missing, Extra    int64
	Error             string
}

// read reads a whole message the way the handler does.
func read(r *bufio.Reader, f Framing) (head Head, body string, b *Body, err error) {
	if head, err = ReadHead(r); err != nil {
		return head, "", nil, err
	}
	b = NewBody(r, &head, f)
	all, err := io.ReadAll(b)
	return head, string(all), b, err
}

func pairs(in []core.Header) [][2]string {
	var out [][2]string
	for _, h := range in {
		out = append(out, [2]string{h.Name, h.Value})
	}
	return out
}

// Every case is read whole and byte by byte, with a buffer smaller than a line.
func TestMessages(t *testing.T) {
	data, err := os.ReadFile("testdata/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []messageCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(c.In), "bytes": iotest.OneByteReader(strings.NewReader(c.In)),
			"data with error": iotest.DataErrReader(strings.NewReader(c.In))} {
			t.Run(c.Name+"/"+how, func(t *testing.T) {
				f := FramingAuto
				if c.Framing == "none" {
					f = FramingNone
				}
				head, body, b, err := read(bufio.NewReaderSize(r, 16), f)
				if c.Error != "" || err != nil {
					if err == nil || err.Error() != c.Error {
						t.Fatalf("error %v, want %q", err, c.Error)
					}
					return
				}
				got := messageCase{Name: c.Name, In: c.In, Framing: c.Framing, Method: head.Method, URI: head.URI, Headers: pairs(head.Headers),
					Trailers: pairs(b.Trailers), Body: body, Truncated: b.Truncated, Missing: b.Missing, Extra: b.Extra}
				if len(c.Headers) == 0 {
					c.Headers = nil
				}
				if diff := cmp.Diff(c, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestHeadHasABound(t *testing.T) {
	for name, in := range map[string]string{"line": "GET /" + strings.Repeat("a", MaxHead), "lines": "GET / HTTP/1.1\r\n" + strings.Repeat("a: b\r\n", MaxHead/6),
		"nothing": strings.Repeat("\n", MaxHead+1)} {
		if _, err := ReadHead(bufio.NewReader(strings.NewReader(in))); !errors.Is(err, ErrLongHead) {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := "GET /" + strings.Repeat("a", MaxHead-20) + " HTTP/1.1\r\n\r\n"
	if h, err := ReadHead(bufio.NewReaderSize(strings.NewReader(long), 4096)); err != nil || len(h.URI) != MaxHead-19 {
		t.Errorf("%d bytes, %v", len(h.URI), err)
	}
}

// Errors of the connection are no end of the message.
func TestBrokenConnection(t *testing.T) {
	for _, in := range []string{"", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n\r\nbo", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbo", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"} {
		r := bufio.NewReader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(io.ErrUnexpectedEOF)))
		if _, _, _, err := read(r, FramingAuto); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestGet(t *testing.T) {
	h := Head{Headers: []core.Header{{Name: "a", Value: "1"}, {Name: "X-Id", Value: "2"}, {Name: "x-id", Value: "3"}}}
	if h.Get("X-ID") != "2" || h.Get("none") != "" {
		t.Error(h.Get("X-ID"), h.Get("none"))
	}
}

func ExampleReadHead() {
	r := bufio.NewReader(strings.NewReader("PUT /a HTTP/1.1\nHost: shop.example\n\nbody"))
	head, err := ReadHead(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(NewBody(r, &head, FramingAuto))
	fmt.Printf("%s %s %q %s\n", head.Method, head.URI, head.Headers, body)
	// Output: PUT /a [{"Host" "shop.example"}] body
}
