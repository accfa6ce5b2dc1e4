package decode

import "testing"

func TestJWT(t *testing.T) {
	var cases []struct {
		In    string
		Looks bool
		Parts []string
	}
	loadJSON(t, "jwt.json", &cases)
	for i := range cases {
		k := cases[i]
		if got := LooksJWT([]byte(k.In)); got != k.Looks {
			t.Errorf("%s: looks %v", k.In, got)
		}
		parts, n := SplitJWT([]byte(k.In))
		if n != len(k.Parts) {
			t.Errorf("%s: %d parts, want %d", k.In, n, len(k.Parts))
			continue
		}
		for j := 0; j < n; j++ {
			if string(parts[j]) != k.Parts[j] {
				t.Errorf("%s: part %d = %q", k.In, j, parts[j])
			}
		}
	}
}
