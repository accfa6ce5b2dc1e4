package walk

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// walkCase is a request with the values that it is to be taken apart into, one
// a line: the place, '=' for values and ':' for names, the value.
type walkCase struct {
	Name     string      `json:"name"`
	Method   string      `json:"method"`
	URI      string      `json:"uri"`
	Headers  [][2]string `json:"headers,omitempty"`
	Body     string      `json:"body,omitempty"`
	BodyB64  string      `json:"body_b64,omitempty"`
	Trailers [][2]string `json:"trailers,omitempty"`
	Want     []string    `json:"want"`
}

func (c *walkCase) body(t *testing.T) []byte {
	if c.BodyB64 == "" {
		return []byte(c.Body)
	}
	b, err := base64.StdEncoding.DecodeString(c.BodyB64)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return b
}

// recorder is a Sink that writes down what it is handed.
type recorder struct {
	lines []string
	bytes int
	long  int
}

// Value implements Sink.
func (r *recorder) Value(c *Context, v []byte) {
	mark := "="
	if c.Name {
		mark = ":"
	}
	r.bytes += len(v)
	if len(v) > r.long {
		r.long = len(v)
	}
	text := strconv.Quote(string(v))
	r.lines = append(r.lines, c.Location()+mark+text[1:len(text)-1])
}

// fullGate makes every trigram a hit, so that every copy is judged.
func fullGate() *kernel.Gate {
	g := new(kernel.Gate)
	for i := 0; i < len(g); i++ {
		g[i] = ^uint64(0)
	}
	return g
}

func testLimits() Limits {
	return Limits{Depth: 32, Values: 4096, DecodedRatio: 4, DecodedSlack: 64 << 10, Expansion: 20}
}

// walkAll runs a whole request, its body in chunks of the size given (0: whole).
func walkAll(w *Walker, c *walkCase, body []byte, chunk int) {
	w.Method([]byte(c.Method))
	w.Target([]byte(c.URI))
	var declared []byte
	for _, h := range c.Headers {
		if h[0] == "Content-Type" {
			declared = []byte(h[1])
		}
		w.Header([]byte(h[0]), []byte(h[1]), false)
	}
	w.ContentType(declared)
	if chunk == 0 {
		chunk = len(body)
	}
	for len(body) > 0 {
		n := chunk
		if n > len(body) {
			n = len(body)
		}
		w.Body(body[:n])
		body = body[n:]
	}
	w.EndBody()
	for _, h := range c.Trailers {
		w.Header([]byte(h[0]), []byte(h[1]), true)
	}
}

func loadCases(t *testing.T) []walkCase {
	data, err := os.ReadFile("testdata/walk.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []walkCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestWalk compares the values of every request of the table, whole and in
// chunks, all with the same walker.
func TestWalk(t *testing.T) {
	cases := loadCases(t)
	var r recorder
	w := New(&r, fullGate(), testLimits())
	for i := range cases {
		c := &cases[i]
		body := c.body(t)
		for _, chunk := range []int{0, 1, 7, 100} {
			r.lines = nil
			w.Reset()
			walkAll(w, c, body, chunk)
			if got, want := strings.Join(r.lines, "\n"), strings.Join(c.Want, "\n"); got != want {
				t.Errorf("%s, chunks of %d:\n%s\nwant\n%s", c.Name, chunk, got, want)
				break
			}
			if w.Counts != (Counts{}) {
				t.Errorf("%s: limits met: %+v", c.Name, w.Counts)
			}
			if w.level != 0 || len(w.arena) != 0 || len(w.path) != 0 {
				t.Errorf("%s: level %d, arena %d, path %q left behind", c.Name, w.level, len(w.arena), w.path)
			}
		}
	}
}
