package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// call runs the command line.
func call(stdin string, args ...string) (status int, stdout, stderr string) {
	var out, err strings.Builder
	status = run(context.Background(), args, strings.NewReader(stdin), &out, &err)
	return status, out.String(), err.String()
}

// TestUsageErrors checks the exit status of every wrong use, and that it says
// what is wrong on standard error only.
func TestUsageErrors(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"nonsense", "unknown command"},
		{"inspect --nonsense", "unknown flag"},
		{"inspect --format yaml", "unknown format"},
		{"inspect --confidence none", "--confidence"},
		{"inspect --confidence highest", "--confidence"},
		{"inspect --workers 0", "--workers"},
		{"inspect no-such-file", "no such file"},
		{"inspect .", "is a directory"},
		{"inspect --model no-such-file", "no such file"},
		{"inspect --model root_test.go", "--model: root_test.go: "},
		{"explain --color red", "--color"},
		{"explain a b", "at most 1"},
		{"explain", "no such request"},
		{"eval", "requires at least 1"},
		{"eval --label maybe -", "--label"},
		{"eval --failures /no/such/folder/file -", "--failures"},
		{"bench", "requires at least 1"},
		{"bench --passes 0 -", "--passes"},
		{"version extra", "unknown command"},
	} {
		status, stdout, stderr := call("", strings.Fields(c.args)...)
		if status != exitUsage || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
}

// TestHelp checks that every command explains itself and shows an example.
func TestHelp(t *testing.T) {
	status, stdout, _ := call("", "--help")
	if status != exitOK || !strings.Contains(stdout, "Exit status:") {
		t.Fatalf("status %d: %s", status, stdout)
	}
	for _, cmd := range newRootCommand().Commands() {
		if cmd.Short == "" || cmd.RunE == nil && cmd.Run == nil && !cmd.HasSubCommands() {
			t.Errorf("%s has no description or does nothing", cmd.Name())
		}
		if cmd.HasFlags() && cmd.Example == "" {
			t.Errorf("%s has no example", cmd.Name())
		}
	}
}

func TestVersion(t *testing.T) {
	status, stdout, _ := call("", "version")
	if status != exitOK || !strings.HasPrefix(stdout, "glacis ") || !strings.Contains(stdout, "\nmodel ") {
		t.Fatalf("status %d: %s", status, stdout)
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if status, stdout, _ := call("", "completion", shell); status != exitOK || !strings.Contains(stdout, "glacis") {
			t.Errorf("%s: status %d", shell, status)
		}
	}
	if _, stdout, _ := call("", "__complete", "inspect", "--format", "c"); !strings.Contains(stdout, "combined") {
		t.Errorf("--format completes to %s", stdout)
	}
}

// write makes a file with that content.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
