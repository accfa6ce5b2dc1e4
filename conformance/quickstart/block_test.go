package quickstart

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBlocks(t *testing.T) {
	got, err := Blocks("# T\n\n```sh\na &\nb\n```\nwords\n```yaml\nk: v\n```\n```sh\nc\n```\nsays\n```text\nd…\n```\n")
	want := []Block{{Line: 4, Commands: "a &\nb\n"}, {Line: 12, Commands: "c\n", Expected: "d…\n"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for text, reason := range map[string]string{
		"words":                "no block",
		"```sh\na\n":           "line 1: the block does not end",
		"```sh\na\n```sh\n```": "line 3: a block begins inside",
		"```text\na\n```":      "no commands before",
		"```sh\n```\n```text\na\n```\n```text\nb\n```": "line 7: no commands before",
		"```\na\n```": "without a language",
	} {
		if _, err := Blocks(text); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, want %q", text, err, reason)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		expected, output string
		ok               bool
	}{
		{"a\n", "a", true},
		{"a\n", "a\r\n\n", true},
		{"a\n", "b\na\n", false},
		{"a\n", "a\nb\n", false},
		{"…\na\n…\n", "b\na\nc\nd\n", true},
		{"…\na\n…\n", "a\n", true},
		{"…\na\n", "b\n", false},
		{"id: …, x\n", "id: 42, x\n", true},
		{"id: …, x\n", "id: 42\n, x\n", false},
		{"1+1 (…)\n", "1+1 (2)\n", true},
		{"1+1\n", "11\n", false},
	} {
		if err := Match(c.expected, c.output); (err == nil) != c.ok {
			t.Errorf("%q against %q: %v", c.output, c.expected, err)
		}
	}
}
