package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/internal/golden"
)

func tableReports() []*Report {
	a := &Report{Target: "core", Date: "2026-11-22", Groups: map[string]map[Outcome]int{}, Sample: Sample{Sent: 10, Equal: 10}}
	a.add(Result{Case: "sqli/a", Group: "sqli", Outcome: OK})
	a.add(Result{Case: "sqli/b", Group: "sqli", Outcome: OK, Detail: "known miss: too short"})
	b := &Report{Target: "envoy/wasm", Date: "2026-11-22", Groups: map[string]map[Outcome]int{},
		Sample: Sample{Sent: 10, Equal: 7, Refused: map[int]int{400: 2}, Differ: 1}}
	b.add(Result{Case: "sqli/a", Group: "sqli", Outcome: Failed, Detail: "score 5 | 6"})
	b.add(Result{Case: "xss/a", Group: "xss", Outcome: Outcome(Refused), Detail: "Envoy refuses it."})
	b.add(Result{Case: "xss/b", Group: "xss", Outcome: Outcome(Refused), Detail: "Envoy refuses it."})
	b.add(Result{Case: "xss/c", Group: "xss", Outcome: Outcome(Skipped), Detail: "no HTTP/2"})
	return []*Report{a, b}
}

func TestTable(t *testing.T) {
	golden.Equal(t, filepath.Join("testdata", "table.md"), Table(tableReports()))
}

func TestReportRoundTrip(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GLACIS_CONFORMANCE", dir)
	if _, err := ReadReports(dir); err == nil {
		t.Error("a table of nothing")
	}
	for _, r := range tableReports() {
		if err := r.write(); err != nil {
			t.Fatal(err)
		}
	}
	reports, err := ReadReports(dir)
	if err != nil {
		t.Fatal(err)
	}
	if Table(reports) != Table(tableReports()) {
		t.Errorf("read back:\n%s", Table(reports))
	}
	doc := filepath.Join(dir, "doc.md")
	if err := os.WriteFile(doc, []byte("before\n"+tableBegin+"old\n"+tableEnd+"after\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // writing again changes nothing
		if err := WriteTable(doc, reports); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != "before\n"+tableBegin+Table(reports)+tableEnd+"after\n" {
			t.Errorf("%s", text)
		}
	}
	if err := os.WriteFile(doc, []byte("nothing"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteTable(doc, reports); err == nil || !strings.Contains(err.Error(), "no marks") {
		t.Errorf("%v", err)
	}
}
