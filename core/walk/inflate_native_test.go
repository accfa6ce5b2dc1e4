package walk

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"testing"
)

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestInflate checks values that are gzip streams: small, longer than the
// arena, bombs, cut off, and in each other.
func TestInflate(t *testing.T) {
	const payload = "union select 1 from users"
	padded := strings.Repeat("0123456789 abcdefgh ijklmnop ", 4000) + payload
	varied := make([]byte, 0, 100000)
	for x := uint32(1); len(varied) < 50000; {
		x = x*1664525 + 1013904223 // Numerical Recipes
		varied = append(varied, byte('a'+x>>24%26), byte('a'+x>>16%26), ' ')
	}
	bomb := gzipped(t, make([]byte, 1<<20))
	cases := []struct {
		name      string
		in        []byte
		found     bool
		expansion bool
	}{
		{"small", gzipped(t, []byte(payload)), true, false},
		{"twice", gzipped(t, gzipped(t, []byte(payload))), true, false},
		{"bomb", bomb, false, true},
		{"bomb of text", gzipped(t, []byte(padded)), false, true},
		{"long", gzipped(t, append(varied[:18000:18000], payload...)), true, false},
		{"longer than the arena", gzipped(t, append(varied, payload...)), false, false},
		{"cut off", gzipped(t, append([]byte(payload), varied[:1000]...))[:600], true, false},
	}
	for _, tc := range cases {
		r := finder{text: []byte(payload)}
		w := New(&r, fullGate(), testLimits())
		w.Target([]byte("/?q=" + base64.URLEncoding.EncodeToString(tc.in)))
		if !tc.found && w.Counts.Uninspected == 0 {
			t.Errorf("%s: nothing counted", tc.name)
		}
		if r.found != tc.found || (w.Counts.Expansion > 0) != tc.expansion {
			t.Errorf("%s: found %v, %+v", tc.name, r.found, w.Counts)
		}
		if len(w.arena) != 0 || w.inflating {
			t.Errorf("%s: arena %d, inflating %v left behind", tc.name, len(w.arena), w.inflating)
		}
	}
}
