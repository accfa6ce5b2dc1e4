package walk

import (
	"bytes"
	"strings"
	"testing"
)

// hostile are bodies that cost naive inspectors quadratic time, deep stacks or
// memory.
func hostile(n int) map[string]string {
	percents := "%" + strings.Repeat("25", n/2) + "27"
	return map[string]string{
		"brackets":        strings.Repeat("[", n),
		"objects":         strings.Repeat(`{"a":`, n/5),
		"brackets closed": strings.Repeat("[", n/2) + strings.Repeat("]", n/2),
		"quotes":          strings.Repeat(`"`, n),
		"backslashes":     `{"a":"` + strings.Repeat(`\`, n),
		"parameters":      strings.Repeat("a=1&", n/4),
		"long value":      "a=" + strings.Repeat("x", n),
		"percents":        "a=" + percents,
		"lone percents":   "a=" + strings.Repeat("%", n),
		"entities":        "a=" + strings.Repeat("%26amp;", n/7),
		"comments":        "a=" + strings.Repeat("/*", n/2),
		"elements":        `<?xml version="1.0"?>` + strings.Repeat("<a>", n/3),
		"billion laughs":  `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">` + strings.Repeat(`<!ENTITY b "&a;&a;&a;&a;">`, n/27) + `]><l>&b;</l>`,
		"multipart":       "--b\r\na: b\r\n\r\n" + strings.Repeat("\r\n--", n/4),
		"headers":         "--b\r\n" + strings.Repeat("a: b\r\n", n/6),
		"graphql":         "{" + strings.Repeat("a{b", n/3) + "}",
		"php":             strings.Repeat("a:1:{i:0;", n/9),
		"base64":          strings.Repeat("YWxlcnQoMSk7", n/12),
		"urls":            "a=" + strings.Repeat("http://x/?a=", n/12),
		"nul":             strings.Repeat("a\x00", n/2),
		"binary":          strings.Repeat("\x00\x01abc", n/5),
		"yaml":            strings.Repeat("- ", n/2),
		"lines":           strings.Repeat("a: b\n", n/5),
		"plus":            "a=" + strings.Repeat("+", n),
		"dots":            "eyJhbGciOiJIUzI1NiJ9" + strings.Repeat(".", n),
		"data urls":       "a=" + strings.Repeat(";base64,YWxlcnQ", n/15),
	}
}

// TestHostile checks that work is linear in the input: no more decoded bytes
// than the limit, no more judged bytes than a constant multiple, no Sink value
// longer than MaxValue.
func TestHostile(t *testing.T) {
	const n = 450000
	limits := testLimits()
	for name, in := range hostile(n) {
		var r counter
		w := New(&r, fullGate(), limits)
		body := []byte(in)
		w.Body(body)
		w.EndBody()
		if budget := limits.DecodedRatio*len(body) + limits.DecodedSlack; w.decoded > budget {
			t.Errorf("%s: %d bytes decoded from %d", name, w.decoded, len(body))
		}
		if r.bytes > 16*len(body) {
			t.Errorf("%s: %d bytes judged of %d", name, r.bytes, len(body))
		}
		if r.long > MaxValue || r.values > limits.Values+2*limits.Values {
			t.Errorf("%s: %d values, the longest %d bytes", name, r.values, r.long)
		}
		if cap(w.arena) != arenaSize || cap(w.path) != pathSize || cap(w.body.window) != windowSize {
			t.Errorf("%s: buffers have grown", name)
		}
	}
}

// finder is a Sink that looks for a text.
type finder struct {
	text  []byte
	found bool
}

// Value implements Sink.
func (r *finder) Value(c *Context, v []byte) {
	if bytes.Contains(v, r.text) {
		r.found = true
	}
}

// TestPadding checks that a payload is seen whatever stands before it: padding
// of any length, in every kind of body, encoded or not.
func TestPadding(t *testing.T) {
	const payload = "union select 1 from users"
	forms := map[string][2]string{
		"text":       {"", payload},
		"form":       {"a=b&c=", "union+select+1%20from+users&d=e"},
		"percent":    {"a=b&c=", "union%2520select+1%20from+users"},
		"json":       {`{"a":["`, `union\u0020select 1 from users"]}`},
		"json twice": {`{"a":"{\"b\":\"`, `union select\\u0020\\x31 from users\"}"}`},
		"xml":        {`<?xml version="1.0"?><r>`, "union&#32;select 1 from users</r>"},
		"multipart":  {"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", payload + "\r\n--b--"},
		"binary":     {"\x00\x01\x02\xff\xfe\x80\x00\x01\x02\xff\xfe\x80\x00\x01\x02\xff\xfe\x80", payload},
		"html":       {"a=b&c=", "union+%26%2315%3B+union%26nbsp%3Bselect+1+from+users"},
	}
	for name, form := range forms {
		for _, n := range []int{0, 100, 8000, 16300, 16384, 32700, 32768, 33000, 70000} {
			want := payload
			switch name {
			case "html":
				want = "select 1 from users"
			}
			r := finder{text: []byte(want)}
			w := New(&r, fullGate(), testLimits())
			w.Body([]byte(form[0] + strings.Repeat("lorem ipsum ", n/12) + " " + form[1]))
			w.EndBody()
			if !r.found {
				t.Errorf("%s: payload behind %d bytes not seen; %+v", name, n, w.Counts)
			}
		}
	}
}
