package decompress

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
)

// bodyCase is a body in hexadecimal, the text that it gives, and whether it ends
// in an error. Most are written by hand after RFC 8878 and RFC 7932, so that no
// library confirms itself.
type bodyCase struct {
	Name, Coding, InHex, Out string
	Error                    bool
}

// loadBodies reads the table.
func loadBodies(t testing.TB) []bodyCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/bodies.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []bodyCase
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) < 10 {
		t.Fatalf("bodies.json: %d cases, %v", len(cases), err)
	}
	return cases
}

func (c bodyCase) in(t testing.TB) []byte {
	t.Helper()
	raw, err := hex.DecodeString(c.InHex)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return raw
}

// TestBodies: every case gives its text and its end, however it is cut.
func TestBodies(t *testing.T) {
	for _, c := range loadBodies(t) {
		for _, piece := range []int{1, 3, 1 << 10} {
			got, err := expand(c.Coding, c.in(t), piece)
			if string(got) != c.Out || (err != nil) != c.Error {
				t.Errorf("%s: %s in pieces of %d: %q, %v", c.Coding, c.Name, piece, got, err)
			}
		}
	}
}
