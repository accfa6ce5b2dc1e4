package decode

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// The output is never longer than the input, and only Changed lets it differ.
func FuzzJSEscape(f *testing.F) {
	f.Add([]byte(`\x3c\u003e\u{3c}\uD83D\uDE00\0\377\q\`))
	f.Fuzz(func(t *testing.T, src []byte) {
		escInvariant(t, "JSEscape", src, len(src), JSEscape)
		escInvariant(t, "JSONString", src, len(src), JSONString)
	})
}

// JSONString undoes what encoding/json does.
func FuzzJSONString(f *testing.F) {
	f.Add("<\x00\u2028\"\\/")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := JSONString(nil, raw[1:len(raw)-1]); string(got) != s {
			t.Errorf("%s gives %q", raw, got)
		}
	})
}
