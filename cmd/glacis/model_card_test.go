package main

import (
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models"
)

// TestFill replaces a section, and nothing around it, as often as it likes.
func TestFill(t *testing.T) {
	const card = "# Card\n<!-- card:begin a -->\nold\n<!-- card:end a -->\nbetween\n<!-- card:begin b -->\n<!-- card:end b -->\nend\n"
	once, err := fill(card, "card", "a", "new\n\n")
	if err != nil || once != strings.Replace(card, "old", "new", 1) {
		t.Fatalf("%v: %s", err, once)
	}
	if again, err := fill(once, "card", "a", "new"); err != nil || again != once {
		t.Errorf("%v: %s", err, again)
	}
	if both, err := fill(once, "card", "b", "B"); err != nil || !strings.Contains(both, "begin b -->\nB\n<!-- card:end b") || !strings.Contains(both, "\nnew\n") {
		t.Errorf("%v: %s", err, both)
	}
	for section, name := range map[string]string{"card": "c", "data": "a"} {
		if _, err := fill(card, section, name, ""); err == nil {
			t.Errorf("%s %s: no error", section, name)
		}
	}
	if _, err := fill("<!-- card:end a --><!-- card:begin a -->", "card", "a", ""); err == nil {
		t.Error("the end before the beginning: no error")
	}
}

// TestRepositoryCard checks that the model card takes the figures of both
// models, and that every source has a licence and a description.
func TestRepositoryCard(t *testing.T) {
	text, err := os.ReadFile("../../models/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{models.TypeBasic, models.TypeAdvanced} {
		if _, err := fill(string(text), "card", name, ""); err != nil {
			t.Error(err)
		}
	}
	for _, section := range []string{"data", "evasion"} {
		if _, err := fill(string(text), section, models.TypeBasic, ""); err != nil {
			t.Error(err)
		}
	}
	sources, err := readSources("../../models/sources.json")
	if err != nil || len(sources) < 30 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	for name, s := range sources {
		if s.License == "" || s.What == "" || s.Requests <= 0 && !strings.HasPrefix(name, "gen_") || strings.ContainsAny(s.What+s.License, "|\n") {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
