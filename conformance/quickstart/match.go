package quickstart

import (
	"fmt"
	"regexp"
	"strings"
)

// Ellipsis stands for what differs from run to run: in a line for any
// characters, as a line of its own for any number of lines.
const Ellipsis = "…"

// Match says how output differs from what a document shows, nil if it does not.
// White space at the ends of lines does not count.
func Match(expected, output string) error {
	var re strings.Builder
	re.WriteString(`\A`)
	for _, line := range lines(expected) {
		if line == Ellipsis {
			re.WriteString(`(?:.*\n)*?`)
			continue
		}
		parts := strings.Split(line, Ellipsis)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		re.WriteString(strings.Join(parts, ".*") + `\n`)
	}
	re.WriteString(`\z`)
	got := strings.Join(lines(output), "\n") + "\n"
	if !regexp.MustCompile(re.String()).MatchString(got) {
		return fmt.Errorf("want\n%s\ngot\n%s", expected, output)
	}
	return nil
}

// lines splits a text, without empty lines at its end.
func lines(text string) []string {
	all := strings.Split(strings.TrimRight(text, "\r\n\t "), "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], "\r\t ")
	}
	return all
}
