package policy

import "strings"

// Problem is something wrong with a policy.
type Problem struct {
	// Path is the key: "assets[1].hosts[0]"; "" is the document.
	Path string
	// Message says what is wrong.
	Message string
	// Given is the word that is not known and Known what could stand there, for
	// a hint; both may be empty.
	Given string
	Known []string
}

// Problems is an error that lists everything wrong with a policy.
type Problems []Problem

// Error implements error.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := 0; i < len(p); i++ {
		lines[i] = p[i].Path + ": " + p[i].Message
		if p[i].Path == "" {
			lines[i] = p[i].Message
		}
		if len(p[i].Known) > 0 {
			lines[i] += " (one of " + strings.Join(p[i].Known, ", ") + ")"
		}
	}
	return "policy: " + strings.Join(lines, "; ")
}

// maxProblems is how many are reported at once.
const maxProblems = 100

// add appends a problem.
func (p *Problems) add(path, message string) { p.word(path, message, "", nil) }

// word appends a problem with a word that is not known.
func (p *Problems) word(path, message, given string, known []string) {
	if len(*p) < maxProblems {
		*p = append(*p, Problem{Path: path, Message: message, Given: given, Known: known})
	}
}
