package models

import (
	"strings"
	"testing"
)

func TestStrict(t *testing.T) {
	type doc struct {
		A int            `json:"a"`
		M map[string]int `json:"m"`
		L []struct {
			B int `json:"b"`
		} `json:"l"`
	}
	for _, c := range []struct{ in, want string }{
		{`{"a":1,"m":{"a":1,"b":2},"l":[{"b":1},{"b":2}]}`, ""},
		{` {} ` + "\n", ""},
		{``, "no JSON document"},
		{`{"c":1}`, "unknown field"},
		{`{"a":1,"a":2}`, `"a" occurs twice`},
		{`{"a":1,"A":2}`, `"A" occurs twice`},
		{`{"m":{"x":1,"x":1}}`, `"x" occurs twice`},
		{`{"l":[{"b":1,"b":1}]}`, `"b" occurs twice`},
		{`{"l":[{"b":1}],"l":[]}`, `"l" occurs twice`},
		{`{"a":1} {"a":2}`, "follows"},
		{`{"a":1}]`, "follows"},
		{`{"a":"1"}`, "cannot unmarshal"},
		{`{"a":1`, "unexpected EOF"},
		{strings.Repeat("[", 20000), "exceeded max depth"},
	} {
		err := strict([]byte(c.in), new(doc))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%.40s: %v, want %q", c.in, err, c.want)
		}
	}
}
