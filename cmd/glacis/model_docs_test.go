package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestModelDocs checks what docs/models.md tells operators to type: every
// command, with its flags and number of arguments, is one of ours; every YAML
// example is YAML; every metric exists.
func TestModelDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/models.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, block := range regexp.MustCompile("(?s)```(sh|yaml)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if block[1] == "yaml" {
			var doc map[string]any
			if err := yaml.Unmarshal([]byte(block[2]), &doc); err != nil {
				t.Error(err)
			}
			continue
		}
		for line := range strings.Lines(block[2]) {
			line, _, _ = strings.Cut(line, " #")
			args := strings.Fields(line)
			if len(args) == 0 || args[0] != "glacis" {
				continue
			}
			commands++
			cmd, rest, err := newRootCommand().Find(args[1:])
			if err == nil {
				if err = cmd.ParseFlags(rest); err == nil && cmd.Args != nil {
					err = cmd.Args(cmd, cmd.Flags().Args())
				}
			}
			if err != nil || !cmd.Runnable() {
				t.Errorf("%s: %v", strings.TrimSpace(line), err)
			}
		}
	}
	if commands < 10 {
		t.Errorf("only %d commands", commands)
	}
	code, err := os.ReadFile("model_serve.go")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := os.ReadFile("../../models/shadow/metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`glacis_(model|shadow)_[a-z_]+`).FindAllString(string(text), -1) {
		if name != "glacis_model_info" && !strings.Contains(string(code), `"`+name+`"`) && !strings.Contains(string(metrics), `"`+name+`"`) {
			t.Errorf("there is no %s", name)
		}
	}
}
