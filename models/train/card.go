package train

import (
	"fmt"
	"slices"
	"strings"
)

// Card writes the measured tables of a training run in Markdown: every figure
// is on requests whose source was left out of the training that scored them.
// Weak attacks, generated requests and mutated copies take no part. The same
// result gives the same text.
func (r *Result) Card() string {
	m := r.measure(false)
	var b strings.Builder
	b.WriteString("#### Overall (%)\n\n| | medium | high | critical |\n|---|---:|---:|---:|\n")
	cells(&b, fmt.Sprintf("attacks detected, macro average over %d sources", len(m.attack)), m.macro(byLevel))
	if m.headline.n > 0 {
		cells(&b, fmt.Sprintf("headline traffic flagged (%d requests)", m.headline.n), m.headline.levels())
	}
	cells(&b, fmt.Sprintf("honest requests flagged, macro average over %d files", len(m.counted())), m.falseMacro())
	cells(&b, "balanced accuracy", m.balanced(byLevel))
	m.points(&b)
	m.attacks(&b, "By source", "source", m.attack)
	m.attacks(&b, "By family", "family", m.family)
	m.attacks(&b, "By the place that carries the attack", "place", m.shape)
	b.WriteString("\n#### Honest requests flagged (%), by file\n\n| file | requests | medium | high | critical |\n|---|---:|---:|---:|---:|\n")
	for _, name := range sorted(m.benign) {
		t := m.benign[name]
		if DualUse(name) {
			name += " \\*"
		}
		cells(&b, fmt.Sprintf("%s | %d", name, t.n), t.levels())
	}
	b.WriteString("\nHeadline traffic: har, cassettes and logs (recorded), or, in a run without these, all honest files.\n" +
		"\\* Dual use: attack text by contract, reported apart and in no average.\n")
	r.reserveCard(&b)
	return b.String()
}

// reserveCard writes the figures of the requests that had no part in any
// choice: neither of options and data, nor of thresholds.
func (r *Result) reserveCard(b *strings.Builder) {
	m := r.measure(true)
	if len(m.attack) == 0 && len(m.benign) == 0 {
		return
	}
	b.WriteString("\n#### The reserve (%)\n\n| | medium | high | critical |\n|---|---:|---:|---:|\n")
	for _, name := range sorted(m.attack) {
		cells(b, fmt.Sprintf("%s (%d), detected", name, m.attack[name].n), m.attack[name].levels())
	}
	if len(m.attack) > 0 {
		cells(b, "macro average", m.macro(byLevel))
	}
	for _, name := range sorted(m.benign) {
		cells(b, fmt.Sprintf("%s (%d), flagged", name, m.benign[name].n), m.benign[name].levels())
	}
	if m.headline.n > 0 {
		cells(b, fmt.Sprintf("headline traffic (%d), flagged", m.headline.n), m.headline.levels())
	}
	m.points(b)
}

// points writes the operating points: what one threshold for all places, their
// offsets apart, detects, chosen so that a fixed share of headline traffic reaches it.
func (m *measured) points(b *strings.Builder) {
	if m.headline.n == 0 {
		return
	}
	b.WriteString("\n#### At a fixed rate of false positives on headline traffic (%)\n\n| |")
	for _, q := range Rates {
		fmt.Fprintf(b, " %g %% |", 100*q)
	}
	b.WriteString("\n|---|---:|---:|---:|\n")
	if len(m.attack) > 0 {
		cells(b, "attacks detected, macro average", m.macro(byPoint))
	}
	cells(b, "headline traffic flagged", m.headline.points())
	cells(b, "balanced accuracy", m.balanced(byPoint))
}

// attacks writes the shares detected by group: at the operating points, and at
// high confidence as it ships.
func (m *measured) attacks(b *strings.Builder, title, what string, groups map[string]*tally) {
	fmt.Fprintf(b, "\n#### Attacks detected (%%). %s\n\n| %s | requests |", title, what)
	for _, q := range Rates {
		fmt.Fprintf(b, " at %g %% |", 100*q)
	}
	b.WriteString(" at high |\n|---|---:|---:|---:|---:|---:|\n")
	for _, name := range sorted(groups) {
		t := groups[name]
		cells(b, fmt.Sprintf("%s | %d", name, t.n), append(t.points(), t.levels()[1]))
	}
}

// share is a rate with its 95 % interval, all 0 to 1.
type share struct{ rate, low, high float64 }

func cells(b *strings.Builder, name string, row []share) {
	fmt.Fprintf(b, "| %s |", name)
	for _, s := range row {
		fmt.Fprintf(b, " %.2f (%.2f–%.2f) |", 100*s.rate, 100*s.low, 100*s.high)
	}
	b.WriteByte('\n')
}

func sorted(groups map[string]*tally) []string {
	names := make([]string, 0, len(groups))
	for n := range groups {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
