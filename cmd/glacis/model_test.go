package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/basic"
)

// tablesFile writes the embedded model's tables to a file.
func tablesFile(t *testing.T) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "model.bin", string(data))
}

// TestModelPack packs the embedded model, verifies and describes the archive
// and inspects with it: archive and raw tables give the same verdicts.
func TestModelPack(t *testing.T) {
	raw := tablesFile(t)
	out := filepath.Join(t.TempDir(), "model.tgz")
	summary := write(t, "summary.json", `{"training":{"seed":3,"options":{"slots":425984},"sources":[{"name":"own\u001b[2J","label":"attack","licence":"MIT","requests":5}]},
		"metrics":[{"file":"own","label":"attack","requests":5,"medium":1,"high":0.8,"critical":0.4}]}`)
	status, stdout, stderr := call("", "model", "pack", "--tables", raw, "--out", out, "--summary", summary, "--license", write(t, "L", "as you like"))
	if status != exitOK || stdout != "" || stderr != "" {
		t.Fatalf("pack: status %d, %s%s", status, stdout, stderr)
	}
	if status, stdout, stderr = call("", "model", "verify", out); status != exitOK ||
		!strings.Contains(stdout, "golden verdicts\n") || !strings.Contains(stdout, "LICENSE        11 bytes") {
		t.Errorf("verify: status %d, %s%s", status, stdout, stderr)
	}
	status, stdout, _ = call("", "model", "info", out)
	if status != exitOK || !strings.Contains(stdout, "80.00") || strings.Contains(stdout, "\x1b") {
		t.Errorf("info: status %d, %q", status, stdout)
	}
	var r models.Report
	status, stdout, _ = call("", "model", "info", "--json", out)
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != exitOK || r.Manifest.Training.Seed != 3 {
		t.Errorf("info --json: status %d, %v", status, err)
	}
	_, byDefault, _ := call("", "inspect", "testdata/sample.jsonl")
	for _, file := range []string{raw, out} {
		if status, stdout, stderr = call("", "inspect", "--model", file, "testdata/sample.jsonl"); status != exitOK || stdout != byDefault {
			t.Errorf("inspect --model %s: status %d, %s%s", file, status, stdout, stderr)
		}
	}
}

// TestModelRaw checks what is said of tables without an archive.
func TestModelRaw(t *testing.T) {
	if status, stdout, stderr := call("", "model", "verify", tablesFile(t)); status != exitOK || !strings.Contains(stdout, "ok: raw tables") {
		t.Errorf("verify: status %d, %s%s", status, stdout, stderr)
	}
	_, file, _ := call("", "model", "info", tablesFile(t))
	if status, stdout, stderr := call("", "model", "info"); status != exitOK || stdout != file || !strings.Contains(stdout, "tables.bin") {
		t.Errorf("info: status %d, %s%s", status, stdout, stderr)
	}
}

func TestModelErrors(t *testing.T) {
	raw := tablesFile(t)
	odd := write(t, "odd.tgz", "\x1f\x8b")
	junk := write(t, "junk.json", `{"training":{},"metrics":[],"more":1}`)
	for _, c := range []struct{ args, want string }{
		{"model verify", "accepts 1 arg"},
		{"model verify no-such-file", "no such file"},
		{"model verify root_test.go", "root_test.go: bad model"},
		{"model verify " + odd, odd + ": gzip"},
		{"model info .", "not a regular file"},
		{"model info a b", "at most 1"},
		{"model pack --tables " + raw, "--out"},
		{"model pack --tables no-such-file --out x", "--tables: open no-such-file"},
		{"model pack --out no/such/folder/x --tables " + raw, "write archive"},
		{"model pack --out no/such/folder/x --tables root_test.go", "bad model"},
		{"model pack --out x --tables " + raw + " --license no-such-file", "--license"},
		{"model pack --out x --tables " + raw + " --license " + write(t, "e", ""), "is empty"},
		{"model pack --out x --tables " + raw + " --summary no-such-file", "--summary"},
		{"model pack --out x --tables " + raw + " --summary " + junk, `unknown field "more"`},
		{"model pack --out x --tables " + raw + " --minimum-engine 999.0.0", "needs engine"},
		{"model train", "no training data"},
		{"model train --attacks a --benign b", "nothing to write"},
		{"model train --attacks a --out x --kind large", "--kind"},
		{"model train --attacks a --out x --created today", "--created"},
		{"model train --attacks a --out x --license no-such-file", "--license"},
		{"model train --attacks a --out x --sources no-such-file", "--sources"},
		{"model train --attacks a --out x --sources root_test.go", "--sources: root_test.go"},
		{"model train --attacks a --out x --sources " + write(t, "s.json", `{"a":{"license":"MIT"}}`), `unknown field "license"`},
		{"model train --attacks a --out x --card-into no-such-file", "--card-into: open no-such-file"},
		{"model train --attacks a --out x --card-into " + write(t, "R.md", "# Card\n"), `no "<!-- card:begin custom -->"`},
		{"model train --attacks no-such-file --out x", "no such file"},
	} {
		status, stdout, stderr := call("", strings.Fields(c.args)...)
		if status != exitUsage || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
	if _, err := os.Stat("x"); err == nil {
		t.Error("a file was written in spite of the error")
	}
}

// TestModelEval checks that eval is found among the models' commands, too.
func TestModelEval(t *testing.T) {
	status, want, _ := call("", "eval", "--json", "testdata/sample.jsonl")
	if again, got, stderr := call("", "model", "eval", "--json", "testdata/sample.jsonl"); again != status || got != want || !strings.Contains(got, `"macro"`) {
		t.Errorf("status %d, want %d: %s%s", again, status, got, stderr)
	}
}
