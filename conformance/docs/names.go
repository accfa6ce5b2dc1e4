package docs

import (
	"regexp"
	"strings"
)

// Names are what documents may name.
type Names struct {
	// Targets are those of the Makefile and of mk/*.mk.
	Targets map[string]bool
	// Commands are paths of commands, "policy lint", each with its flags.
	Commands map[string]map[string]bool
	// Tests are functions of _test.go files: tests, fuzz targets, benchmarks.
	Tests map[string]bool
	// Metrics are quoted strings in Go files that begin like a metric.
	Metrics map[string]bool
}

var (
	target    = regexp.MustCompile(`(?m)^([a-z][a-z-]*):(?:[^=]|$)`)
	section   = regexp.MustCompile(`(?m)^## glacis(?: ([a-z -]+))?$`)
	longFlag  = regexp.MustCompile(`(?m)^ +(?:-[a-z], )?--([a-z-]+)`)
	function  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	metric    = regexp.MustCompile(`"(glacis_[a-z_]+)"`)
	makeUse   = regexp.MustCompile(`(?:^|[\s;&(])make ([a-z][a-z-]*)`)
	commands  = regexp.MustCompile(`(?:^|[\s;&|($/])glacis((?: [a-z][a-z-]*)+)([^|;&#)]*)`)
	flagUse   = regexp.MustCompile(`(?:^|\s)--([a-z][a-z-]*)`)
	testUse   = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w*`)
	metricUse = regexp.MustCompile(`\bglacis_[a-z_]+[a-z]\b`)
)

// AddMakefile takes the targets from the text of a Makefile.
func (n *Names) AddMakefile(text string) {
	for _, m := range target.FindAllStringSubmatch(text, -1) {
		n.Targets[m[1]] = true
	}
}

// AddGo takes tests and metrics from the text of a Go file.
func (n *Names) AddGo(text string) {
	for _, m := range function.FindAllStringSubmatch(text, -1) {
		n.Tests[m[1]] = true
	}
	for _, m := range metric.FindAllStringSubmatch(text, -1) {
		n.Metrics[m[1]] = true
	}
}

// AddReference takes commands and flags from docs/commands.md, which is
// generated from them.
func (n *Names) AddReference(text string) {
	found := section.FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		path := ""
		if at[2] >= 0 {
			path = text[at[2]:at[3]]
		}
		flags := map[string]bool{"help": true, "version": true}
		for _, m := range longFlag.FindAllStringSubmatch(text[at[1]:end], -1) {
			flags[m[1]] = true
		}
		n.Commands[path] = flags
	}
	n.Commands["help"] = nil // cobra's own is not in the reference
}

// Unknown returns what a line of code names and does not exist.
func (n *Names) Unknown(code string) []string {
	var bad []string
	for _, m := range makeUse.FindAllStringSubmatch(code, -1) {
		if !n.Targets[m[1]] {
			bad = append(bad, "make "+m[1])
		}
	}
	for _, m := range commands.FindAllStringSubmatch(code, -1) {
		words := strings.Fields(m[1])
		if strings.HasPrefix(m[2], "=") { // name=value of a shell
			words = words[:len(words)-1]
		}
		if len(words) == 0 {
			continue
		}
		path := n.longest(words)
		if path == "" {
			bad = append(bad, "glacis"+m[1])
			continue
		}
		for _, f := range flagUse.FindAllStringSubmatch(m[2], -1) {
			if !n.Commands[path][f[1]] {
				bad = append(bad, "glacis "+path+" --"+f[1])
			}
		}
	}
	for _, name := range testUse.FindAllString(code, -1) {
		if !n.tests(name) {
			bad = append(bad, name)
		}
	}
	for _, name := range metricUse.FindAllString(code, -1) {
		if !n.Metrics[name] && !n.Metrics[strings.TrimSuffix(name, "_bucket")] {
			bad = append(bad, name)
		}
	}
	return bad
}

// tests says whether a name is that of a test or begins one, as in -run TestName.
func (n *Names) tests(name string) bool {
	for test := range n.Tests {
		if strings.HasPrefix(test, name) {
			return true
		}
	}
	return false
}

// longest returns the longest path of a command that words begin with, "" if
// the first is none. A group ("policy") does not take arguments, so a second
// word behind it must be a command of it.
func (n *Names) longest(words []string) string {
	path := ""
	for _, word := range words {
		next := strings.TrimSpace(path + " " + word)
		if _, ok := n.Commands[next]; !ok {
			if n.group(path) {
				return ""
			}
			break
		}
		path = next
	}
	return path
}

// group says whether a command has commands of its own.
func (n *Names) group(path string) bool {
	for other := range n.Commands {
		if path != "" && strings.HasPrefix(other, path+" ") {
			return true
		}
	}
	return false
}
