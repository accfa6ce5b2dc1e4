package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/train"
)

// writeCard writes the measured tables where they were asked for.
func (f *trainFlags) writeCard(res *train.Result, c *models.Contents, sources map[string]sourceInfo) error {
	figures := cardHead(res, c) + res.Card()
	if f.card != "" {
		if err := os.WriteFile(f.card, []byte(figures), 0o644); err != nil {
			return fmt.Errorf("write card: %w", err)
		}
	}
	if f.cardInto == "" {
		return nil
	}
	text, err := fillCard(f.cardInto, f.name, figures, dataTable(c.Summary.Training.Sources, sources))
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.cardInto, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write card: %w", err)
	}
	return nil
}

// fillCard reads a model card and puts the figures of a model between
// "<!-- card:begin NAME -->" and "<!-- card:end NAME -->", and the table of the
// data between "<!-- data:begin NAME -->" and "<!-- data:end NAME -->" where it
// has these.
func fillCard(path, name, figures, data string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("--card-into: %w", err)
	}
	out, err := fill(string(text), "card", name, figures)
	if err != nil {
		return "", fmt.Errorf("--card-into: %s: %w", path, err)
	}
	if with, err := fill(out, "data", name, data); err == nil {
		out = with
	}
	return out, nil
}

// fill replaces what is between the markers of a section.
func fill(text, section, name, content string) (string, error) {
	begin := fmt.Sprintf("<!-- %s:begin %s -->", section, name)
	end := fmt.Sprintf("<!-- %s:end %s -->", section, name)
	head, rest, ok := strings.Cut(text, begin)
	if !ok {
		return "", fmt.Errorf("no %q", begin)
	}
	_, tail, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("no %q after %q", end, begin)
	}
	return head + begin + "\n" + strings.TrimSpace(content) + "\n" + end + tail, nil
}

// cardHead says which model the figures are of and how it was trained.
func cardHead(res *train.Result, c *models.Contents) string {
	t := res.Tables
	var b strings.Builder
	fmt.Fprintf(&b, "`%s %s` (%s) of %s: %d weights, %d bytes of tables, SHA-256 `%x`.\n\nTrained with seed %d",
		t.Name, t.Version, t.Kind, t.Created, len(t.Weights), len(c.Tables), sha256.Sum256(c.Tables), c.Summary.Training.Seed)
	for _, name := range slices.Sorted(maps.Keys(c.Summary.Training.Options)) {
		fmt.Fprintf(&b, ", %s %s", name, strconv.FormatFloat(c.Summary.Training.Options[name], 'f', -1, 64))
	}
	b.WriteString(".\n\n")
	return b.String()
}

// dataTable lists what a model was trained on, as it was counted.
func dataTable(list []models.Source, sources map[string]sourceInfo) string {
	var b strings.Builder
	b.WriteString("| file | what | licence of the source | requests |\n|---|---|---|---:|\n")
	total := map[string]int{}
	for _, s := range list {
		fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", s.Name, sources[s.Name].What, s.License, s.Requests)
		total[s.Label] += s.Requests
	}
	for _, label := range []string{"attack", "benign"} {
		fmt.Fprintf(&b, "| **%s, in all** | | | %d |\n", label, total[label])
	}
	return b.String()
}
