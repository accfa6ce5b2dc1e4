package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/evade"
)

const ownAttacks = "internal/evade/testdata/attack_own.jsonl"

// TestModelEvade runs on the small sample: text, JSON and examples agree, and
// the same seed gives the same.
func TestModelEvade(t *testing.T) {
	examples := filepath.Join(t.TempDir(), "evading.jsonl")
	args := []string{"model", "evade", "--json", "--quiet", "--per-file", "5", "--steps", "20", "--examples", examples, ownAttacks}
	status, stdout, stderr := call("", args...)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d: %s", status, stderr)
	}
	var r evade.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatal(err)
	}
	if r.Total.Blocked != 5 || len(r.Files) != 1 || r.Files[0].Name != "attack_own" || r.PaddingTrials < 5*9 || r.Confidence != "high" {
		t.Fatalf("%s", stdout)
	}
	text, err := os.ReadFile(examples)
	if err != nil {
		t.Fatal(err)
	}
	evading, hidden := 0, 0
	for line := range strings.Lines(string(text)) {
		var e evasionExample
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if e.Evading != "" {
			evading++
		}
		hidden += len(e.HiddenBy)
		if e.File != "attack_own" || e.ID == "" || e.Before < 75 || e.Value == "" || e.Evading != "" && e.After >= 75 {
			t.Errorf("%s", line)
		}
	}
	if evading != r.Total.Evaded.Count || hidden != r.PaddingPassed.Count {
		t.Errorf("%d and %d in the examples, %d and %d in the report", evading, hidden, r.Total.Evaded.Count, r.PaddingPassed.Count)
	}
	if _, again, _ := call("", append(args, "--workers", "3")...); again != stdout {
		t.Error("more workers report something else")
	}
}

// TestModelEvadeText reads a folder and a model file.
func TestModelEvadeText(t *testing.T) {
	card := write(t, "card.md", "# Card\n<!-- evasion:begin basic -->\nold\n<!-- evasion:end basic -->\nend\n")
	status, stdout, stderr := call("", "model", "evade", "--per-file", "2", "--steps", "0", "--model", tablesFile(t),
		"--corpora", filepath.Dir(ownAttacks), "--card-into", card)
	if status != exitOK || !strings.Contains(stderr, "attack_own: 0 of 2 attacks got through\n") || !strings.Contains(stdout, "at most 2 attacks a file, 0 steps each") {
		t.Fatalf("status %d: %s%s", status, stdout, stderr)
	}
	text, err := os.ReadFile(card)
	if err != nil || !strings.HasPrefix(string(text), "# Card\n<!-- evasion:begin basic -->\n`basic ") || !strings.Contains(string(text), "| **all** | 2 | 0 |") || strings.Contains(string(text), "old") {
		t.Errorf("%v: %s", err, text)
	}
}

func TestModelEvadeErrors(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "no attacks"},
		{"--corpora testdata", "no attacks"},
		{"--per-file 0 x", "--per-file"},
		{"--steps -1 x", "--per-file"},
		{"--workers 0 x", "--per-file"},
		{"--confidence none x", "--confidence"},
		{"--model no-such-file x", "--model"},
		{"no-such-file", "no such file"},
		{"--quiet --steps 0 --per-file 1 --card-into no-such-file " + ownAttacks, "--card-into: open"},
		{"--quiet --steps 0 --per-file 1 --card-into root_test.go " + ownAttacks, "--card-into: root_test.go: no"},
		{"--quiet --steps 0 --per-file 1 --examples no/such/folder/x " + ownAttacks, "--examples"},
	} {
		status, stdout, stderr := call("", append([]string{"model", "evade"}, strings.Fields(c.args)...)...)
		if status != exitUsage || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
}
