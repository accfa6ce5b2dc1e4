package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	core "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// Problem is something wrong with a policy, and where.
type Problem struct {
	// File, Line and Column are the place, Line and Column from 1; 0 if unknown.
	File         string `json:"file,omitempty"`
	Line, Column int    `json:",omitempty"`
	// Path is the key: "assets[1].hosts[0]".
	Path string `json:"path,omitempty"`
	// Message says what is wrong.
	Message string `json:"message"`
}

// String returns "file:line:column: path: message".
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Message
}

// Error is an invalid policy. It lists every problem found.
type Error []Problem

// Error implements error: one problem a line.
func (e Error) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// position is a place in a file.
type position struct {
	file         string
	line, column int
}

// positions knows where keys and list items are written.
type positions map[string]position

// of returns the place of a path or, if that is not written, of the nearest
// path around it.
func (p positions) of(path string) position {
	for {
		if at, ok := p[path]; ok {
			return at
		}
		if path == "" {
			return position{}
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

// problem makes a Problem of a path.
func (p positions) problem(path, message string) Problem {
	at := p.of(path)
	return Problem{File: at.file, Line: at.line, Column: at.column, Path: path, Message: message}
}

// locate gives the problems of core/policy their places, in the order of the
// files.
func (p positions) locate(in core.Problems) Error {
	var out Error
	for _, problem := range in {
		message := problem.Message
		if problem.Given != "" {
			if hint := gateway.Suggest(problem.Given, problem.Known); hint != "" {
				message += hint
			} else if len(problem.Known) > 0 {
				slices.Sort(problem.Known)
				message += "; there is " + strings.Join(problem.Known, ", ")
			}
		}
		out = append(out, p.problem(problem.Path, message))
	}
	return sorted(out)
}

// sorted orders problems by file, line and column.
func sorted(in []Problem) []Problem {
	slices.SortStableFunc(in, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return in
}
