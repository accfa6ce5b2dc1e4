package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// kinds are those of client_golang's changelog, in the order within a version.
var kinds = []string{"CHANGE", "FEATURE", "ENHANCEMENT", "BUGFIX", "SECURITY"}

var change = regexp.MustCompile(`^- \[([A-Z]+)\] \S.*\.$`)

// TestChangelog checks the grammar of CHANGELOG.md: one sentence or more a line,
// each with its kind, the kinds in order.
func TestChangelog(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	last, changes, version := 0, 0, false
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "## ") {
			version, last = true, 0
			continue
		}
		if !version || line == "" {
			continue
		}
		m := change.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("line %d: want - [KIND] and a sentence", i+1)
			continue
		}
		kind := slices.Index(kinds, m[1])
		if kind < last {
			t.Errorf("line %d: [%s] is no kind, or stands behind [%s]", i+1, m[1], kinds[last])
			continue
		}
		last = kind
		changes++
	}
	if changes == 0 {
		t.Error("no changes")
	}
}
