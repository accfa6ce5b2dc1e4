package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	linked = regexp.MustCompile(`\]\(([^)#]+)`)
	micros = regexp.MustCompile(`([0-9][0-9,]*(?:\.[0-9]+)?) µs`)
)

// TestFigures checks that what a gateway pays, in the README, is what the page
// linked in the row says: figures measured anew there must be copied. A row
// without a link belongs to the page of the one before.
func TestFigures(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "<!-- figures: gateways -->")
	block, _, ok := strings.Cut(block, "<!-- /figures -->")
	if !ok {
		t.Fatal("README.md has no figures of gateways")
	}
	page, name, checked := "", "", 0
	for line := range strings.Lines(block) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if m := linked.FindStringSubmatch(line); m != nil {
			name = m[1]
			text, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			page = string(text)
		}
		for _, m := range micros.FindAllStringSubmatch(line, -1) {
			checked++
			if !regexp.MustCompile(`(^|[^0-9.,])` + regexp.QuoteMeta(m[1]) + `([^0-9.,]|$)`).MatchString(page) {
				t.Errorf("README.md has %s, which is not in %s", m[0], name)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d figures", checked)
	}
}
