package walk

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected values in testdata/walk.json; read the difference")

// TestUpdate rewrites the golden values. It does nothing without -update.
func TestUpdate(t *testing.T) {
	if !*update {
		t.Skip("run with -update to rewrite testdata/walk.json")
	}
	cases := loadCases(t)
	for i := range cases {
		var r recorder
		walkAll(New(&r, fullGate(), testLimits()), &cases[i], cases[i].body(t), 0)
		cases[i].Want = r.lines
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(cases); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/walk.json", out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
