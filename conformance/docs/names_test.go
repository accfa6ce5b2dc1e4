package docs

import (
	"slices"
	"testing"
)

func newNames() *Names {
	return &Names{Targets: map[string]bool{}, Commands: map[string]map[string]bool{}, Tests: map[string]bool{}, Metrics: map[string]bool{}}
}

// TestUnknown shows that the check sees what it is there for.
func TestUnknown(t *testing.T) {
	n := newNames()
	n.AddMakefile("GO ?= go\nX := y\nbuild: export A := b\ntest-go: lint ## tests\n")
	n.AddReference("# Commands\n\n## glacis\n\n## glacis policy\n\n## glacis policy lint\n\n      --json   print JSON\n\n## glacis proxy\n\n  -h, --help   help\n      --mode string   mode\n")
	n.AddGo("func TestReal(t *testing.T) {}\nvar x = \"glacis_requests_total\"\n")
	for _, c := range []struct {
		code string
		want []string
	}{
		{"make build test", nil},
		{"make test-go", nil},
		{"make nonsense", []string{"make nonsense"}},
		{"cd x && make X=1", nil},
		{"bin/glacis proxy --mode detect", nil},
		{"glacis proxy --mood detect", []string{"glacis proxy --mood"}},
		{"glacis proxy | jq --raw-output .", nil},
		{"glacis policy lint --json f.yaml", nil},
		{"glacis policy lind", []string{"glacis policy lind"}},
		{"glacis policy", nil},
		{"glacis serve", []string{"glacis serve"}},
		{"a; glacis serve", []string{"glacis serve"}},
		{"a=/b/glacis c=d", nil},
		{"pluginserver_names = glacis", nil},
		{"go test -run TestReal", nil},
		{"TestUnreal", []string{"TestUnreal"}},
		{"glacis_requests_total > 1", nil},
		{"glacis_request_total", []string{"glacis_request_total"}},
	} {
		if got := n.Unknown(c.code); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
}
