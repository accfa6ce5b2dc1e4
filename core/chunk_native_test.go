package core

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/walk"
)

// chunkCase is a body whose verdict must not depend on how it arrives: Pad
// bytes of text are put at the place of the mark «pad».
type chunkCase struct {
	Name    string      `json:"name"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
	Pad     int         `json:"pad"`
}

func loadChunks(t *testing.T) []chunkCase {
	data, err := os.ReadFile("testdata/chunks.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []chunkCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c *chunkCase) request() *Request {
	r := &Request{Method: "POST", URI: "/x"}
	for _, h := range c.Headers {
		r.Headers = append(r.Headers, Header{Name: h[0], Value: h[1]})
	}
	pad := strings.Repeat("some honest words and 42 ", c.Pad/25)
	r.Body = []byte(strings.Replace(c.Body, "«pad»", pad, 1))
	return r
}

// lister is a Sink that writes every value down.
type lister struct{ lines []string }

// Value implements walk.Sink.
func (l *lister) Value(c *walk.Context, v []byte) {
	l.lines = append(l.lines, c.Location()+"="+string(v))
}

// chunked runs a request with its body in chunks of n bytes.
func chunked(tx *Transaction, r *Request, n int) Verdict {
	tx.RequestLine(r.Method, r.URI)
	for i := range r.Headers {
		tx.Header(r.Headers[i].Name, r.Headers[i].Value)
	}
	tx.EndHeaders()
	chunk := make([]byte, n)
	for b := r.Body; len(b) > 0; {
		k := copy(chunk, b)
		tx.Body(chunk[:k])
		b = b[k:]
		// the chunk belongs to the caller again
		for i := 0; i < k; i++ {
			chunk[i] = '\''
		}
	}
	return tx.End()
}

// TestChunks compares values and verdicts of whole and chunked bodies.
func TestChunks(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range loadChunks(t) {
		r := c.request()
		var whole lister
		e.Visit(r, &whole)
		want := e.Inspect(r)
		for _, n := range []int{1, 3, 255, 4096, 32767, 32768, 32769, 50000} {
			if n == 1 && len(r.Body) > 40000 {
				continue
			}
			var got lister
			tx := newTransaction(e, &got)
			chunked(tx, r, n)
			if a, b := strings.Join(got.lines, "\n"), strings.Join(whole.lines, "\n"); a != b {
				t.Errorf("%s: chunks of %d give other values: %s", c.Name, n, difference(a, b))
				break
			}
			tx = e.Begin()
			if v := chunked(tx, r, n); !sameVerdict(&v, &want) {
				t.Errorf("%s: chunks of %d give %+v, the whole %+v", c.Name, n, v, want)
			}
			tx.Close()
		}
	}
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from, to := i-60, i+60
	if from < 0 {
		from = 0
	}
	cut := func(s string) string {
		if to < len(s) {
			return s[from:to]
		}
		return s[from:]
	}
	return cut(a) + " instead of " + cut(b)
}
