package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ReadReports reads every result in a folder, in the order of their names.
func ReadReports(dir string) ([]*Report, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var out []*Report
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read results: %w", err)
		}
		r := new(Report)
		if err := json.Unmarshal(text, r); err != nil {
			return nil, fmt.Errorf("read results: %s: %w", name, err)
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read results: none in %s: run make conformance", dir)
	}
	return out, nil
}

// The marks between which the table stands in docs/conformance.md.
const (
	tableBegin = "<!-- table: written by make conformance -->\n"
	tableEnd   = "<!-- end of table -->\n"
)

// WriteTable replaces what stands between the marks in a Markdown file.
func WriteTable(name string, reports []*Report) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	_, after, ended := strings.Cut(rest, tableEnd)
	if !ok || !ended {
		return fmt.Errorf("write table: %w", errors.New(name+" has no marks for it"))
	}
	out := before + tableBegin + Table(reports) + tableEnd + after
	if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// Table makes gateway × group, and below it every difference with its reason.
func Table(reports []*Report) string {
	var b strings.Builder
	groups := groupNames(reports)
	b.WriteString("\n| target | " + strings.Join(groups, " | ") + " | sample | date |\n")
	b.WriteString("|---" + strings.Repeat("|---", len(groups)+2) + "|\n")
	for _, r := range reports {
		b.WriteString("| " + r.Target)
		for _, g := range groups {
			b.WriteString(" | " + cell(r.Groups[g]))
		}
		fmt.Fprintf(&b, " | %s | %s |\n", r.Sample.cell(), r.Date)
	}
	for _, r := range reports {
		if lines := reasons(r.Notes, false); len(lines) > 0 {
			fmt.Fprintf(&b, "\n### %s\n\n%s", r.Target, strings.Join(lines, ""))
		}
	}
	var all []Result
	for _, r := range reports {
		all = append(all, r.Notes...)
	}
	if lines := reasons(all, true); len(lines) > 0 {
		b.WriteString("\n### On every target\n\n" + strings.Join(lines, ""))
	}
	b.WriteString("\n")
	return b.String()
}

func groupNames(reports []*Report) []string {
	all := map[string]bool{}
	for _, r := range reports {
		for g := range r.Groups {
			all[g] = true
		}
	}
	return sorted(all)
}

// cell is "ok/sent" with what the gateway refused or altered and what could not
// be sent.
func cell(counts map[Outcome]int) string {
	total := 0
	for _, n := range counts {
		total += n
	}
	if total == 0 {
		return "–"
	}
	text := fmt.Sprintf("%d/%d", counts[OK], total)
	for _, o := range []Outcome{Failed, Outcome(Refused), Outcome(Altered), Outcome(Skipped)} {
		if n := counts[o]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, o)
		}
	}
	return text
}

func (s *Sample) cell() string {
	if s.Sent == 0 {
		return "–"
	}
	refused := 0
	for _, n := range s.Refused {
		refused += n
	}
	text := fmt.Sprintf("%d/%d", s.Equal, s.Sent)
	if refused > 0 {
		text += fmt.Sprintf(", %d refused", refused)
	}
	if s.Differ > 0 {
		text += fmt.Sprintf(", %d differ", s.Differ)
	}
	return text
}

// reasons lists what is not plainly OK, cases with the same reason together:
// either what is the engine's doing and so the same everywhere, or the rest.
func reasons(notes []Result, engine bool) []string {
	cases := map[string][]string{}
	var order []string
	for _, n := range notes {
		if (n.Outcome == OK) != engine {
			continue
		}
		key := string(n.Outcome) + ": " + n.Detail
		if n.Outcome == OK {
			key = n.Detail
		}
		if cases[key] == nil {
			order = append(order, key)
		}
		if name := "`" + n.Case + "`"; !slices.Contains(cases[key], name) {
			cases[key] = append(cases[key], name)
		}
	}
	slices.Sort(order)
	var out []string
	for _, key := range order {
		out = append(out, fmt.Sprintf("- %s (%s)\n", strings.ReplaceAll(key, "|", `\|`), strings.Join(cases[key], ", ")))
	}
	return out
}
