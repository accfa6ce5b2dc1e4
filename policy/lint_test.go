package policy

import (
	"strings"
	"testing"
)

// TestLintCounted checks what is said of places that seem to count the elements
// of an array.
func TestLintCounted(t *testing.T) {
	l, err := Parse("p.yaml", []byte(`apiVersion: glacis/v1
exceptions:
  - id: counted
    reason: r
    jsonPaths: [items.0.name, items.#.name, 'v1\.0.x', "items.*.n0"]
    locations: [body.json.items.12, body.form.0, "query.q#0.1", body.json.a#0]
logging: {redact: [body.json.0.iban]}
learning: {exclude: [body.json.a.b]}
`), day)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range l.Warnings {
		if strings.Contains(p.Message, "never an element") {
			got = append(got, p.Path+" "+p.Message[:strings.Index(p.Message, " is")])
		}
	}
	want := "exceptions[0].jsonPaths[0] step 0, exceptions[0].locations[0] step 12, logging.redact[0] step 0"
	if strings.Join(got, ", ") != want {
		t.Errorf("%q, want %q; all:\n%s", got, want, lines(l.Warnings))
	}
}
