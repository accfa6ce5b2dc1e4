package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models"
)

// TestModelTrain trains on the small corpus of models/train, twice, and checks
// every file that comes out.
func TestModelTrain(t *testing.T) {
	const data = "../../models/train/testdata/"
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Mkdir(at("small"), 0o700); err != nil {
		t.Fatal(err)
	}
	sources := write(t, "l.json", `{"attack_alpha":{"licence":"Apache-2.0","what":"own","requests":50}}`)
	cards := "# Models\n<!-- data:begin small -->\n<!-- data:end small -->\n\n<!-- card:begin small -->\n<!-- card:end small -->\n"
	if err := os.WriteFile(at("README.md"), []byte(cards), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(out, summary string) {
		t.Helper()
		status, stdout, stderr := call("", "model", "train", "--quiet", "--attacks", data+"attack_alpha.jsonl,"+data+"attack_beta.jsonl",
			"--benign", data+"benign_pages.jsonl,"+data+"benign_har.jsonl", "--slots", "4096", "--epochs", "2", "--generated", "0", "--out", at(out),
			"--summary", at(summary), "--card", at("card.md"), "--card-into", at("README.md"), "--embed", at("small/model.go"), "--sources", sources,
			"--name", "small", "--kind", "advanced", "--created", "2026-11-22")
		if status != exitOK || stdout != "" || stderr != "" {
			t.Fatalf("status %d, %s%s", status, stdout, stderr)
		}
	}
	run("a.tgz", "a.json")
	run("b.tgz", "b.json")
	run("c.bin", "c.json")
	read := func(name string) []byte {
		b, err := os.ReadFile(at(name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if !bytes.Equal(read("a.tgz"), read("b.tgz")) {
		t.Error("two runs give different archives")
	}
	m, manifest, err := models.Open(at("a.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Name() != "small 1.0.0" || manifest.Type != "advanced" || manifest.Training.Options["epochs"] != 2 {
		t.Errorf("%s, %+v", m.Name(), manifest)
	}
	s := manifest.Training.Sources
	if len(s) != 4 || s[0] != (models.Source{Name: "attack_alpha", Label: "attack", License: "Apache-2.0", Requests: 50}) ||
		s[3] != (models.Source{Name: "benign_pages", Label: "benign", Requests: 50}) {
		t.Errorf("%+v", s)
	}
	if len(manifest.Metrics) != 4 || manifest.Metrics[1].File != "attack_beta" || manifest.Metrics[1].Requests != 50 {
		t.Errorf("%+v", manifest.Metrics)
	}
	// pack makes the same archive of the raw tables and the summary
	if status, _, stderr := call("", "model", "pack", "--tables", at("c.bin"), "--summary", at("c.json"), "--out", at("c.tgz")); status != exitOK {
		t.Fatal(stderr)
	}
	if !bytes.Equal(read("a.tgz"), read("c.tgz")) {
		t.Error("train and pack give different archives")
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "model.go", read("small/model.go"), 0); err != nil {
		t.Error(err)
	}
	card := string(read("card.md"))
	if !strings.Contains(card, "| attack_beta | 50 |") || !strings.Contains(card, "`small 1.0.0` (advanced) of 2026-11-22: 4096 weights") {
		t.Errorf("%s", card)
	}
	readme := string(read("README.md"))
	if !strings.Contains(readme, strings.TrimSpace(card)) || !strings.Contains(readme, "| attack_alpha | own | Apache-2.0 | 50 |\n") ||
		!strings.Contains(readme, "| **benign, in all** | | | 100 |\n<!-- data:end small -->\n") {
		t.Errorf("%s", readme)
	}
}
