package gen

import (
	"errors"
	"fmt"
	"strings"
)

// The grammar syntax. A file holds groups and rules; files of one directory whose
// names agree up to the first dot share their rules:
//
//	# a comment
//	@group sqli.union sqli query,header start
//	start
//		‹int 1 99›‹quote› union select ‹list 1 9 , ‹column››
//	quote
//		'
//		"
//
// "@group name family locations rule" declares a group. An unindented word opens
// a rule; the lines indented by one tab below it are its alternatives, all as
// likely; "‹w 5›" at an alternative's beginning makes it count five times.
// Everything is literal but ‹…›, which holds one of
//
//	‹name›            a rule of this topic or a common one
//	‹a¦b¦›            one of these sequences (the last one is empty)
//	‹name arguments›  a built-in function, see builtin.go; the arguments may
//	                  hold slots again
//
// Rules may be recursive; below a depth of deepest the first alternative is
// always taken, which therefore must end.

const (
	open   = '‹'
	closed = '›'
	bar    = '¦'
)

// node is literal text, a choice, a rule reference or a call.
type node struct {
	text string // literal, when everything else is unset
	rule *rule
	call builtin
	args []string // the words before rest
	rest sequence // the last argument of a call
	alts []sequence
}

type sequence []node

type rule struct {
	name string
	alts []sequence
}

type group struct {
	name, family string
	locations    []string
	benign       bool
	start        *rule
}

// source is the text of a grammar file.
type source struct{ name, text string }

// file is one topic on its way to a list of groups: a grammar file, or several
// that share their rules.
type file struct {
	rules  map[string]*rule
	parent map[string]*rule // the common rules
	groups []*group
}

// parseFile reads the grammar files of one topic. Errors name the file and the
// line, all of them at once.
func parseFile(parts []source, parent map[string]*rule, benign bool) (*file, error) {
	f := &file{rules: map[string]*rule{}, parent: parent}
	var errs []error
	for _, p := range parts { // all names first: rules may be used before they are defined
		for i, line := range strings.Split(p.text, "\n") {
			if line == "" || line[0] == '\t' || line[0] == '#' || line[0] == '@' {
				continue
			}
			if f.rules[line] != nil || builtins[line].fn != nil || strings.ContainsAny(line, " ‹›¦") {
				errs = append(errs, fmt.Errorf("grammar %s:%d: bad or duplicate rule name %q", p.name, i+1, line))
			}
			f.rules[line] = &rule{name: line}
		}
	}
	for _, p := range parts {
		var cur *rule
		for i, line := range strings.Split(p.text, "\n") {
			var err error
			if cur, err = f.line(cur, line, benign); err != nil {
				errs = append(errs, fmt.Errorf("grammar %s:%d: %w", p.name, i+1, err))
			}
		}
	}
	for n, r := range f.rules {
		if len(r.alts) == 0 {
			errs = append(errs, fmt.Errorf("grammar %s: rule %q has no alternative", parts[0].name, n))
		}
	}
	return f, errors.Join(errs...)
}

// line reads one line and returns the rule that the next one belongs to.
func (f *file) line(cur *rule, line string, benign bool) (*rule, error) {
	switch {
	case line == "" || line[0] == '#':
		return cur, nil
	case line[0] == '@':
		return cur, f.directive(line, benign)
	case line[0] != '\t':
		return f.rules[line], nil
	case cur == nil:
		return nil, fmt.Errorf("alternative outside a rule")
	}
	return cur, f.alternative(cur, line[1:])
}

func (f *file) directive(line string, benign bool) error {
	w := strings.Fields(line)
	if len(w) != 5 || w[0] != "@group" {
		return fmt.Errorf("want @group name family locations rule, have %q", line)
	}
	start := f.lookup(w[4])
	if start == nil {
		return fmt.Errorf("no rule %q", w[4])
	}
	if benign != (w[2] == "none") {
		return fmt.Errorf("family %q in the wrong directory", w[2])
	}
	f.groups = append(f.groups, &group{name: w[1], family: w[2],
		locations: strings.Split(w[3], ","), benign: benign, start: start})
	return nil
}

func (f *file) lookup(name string) *rule {
	if r := f.rules[name]; r != nil {
		return r
	}
	return f.parent[name]
}

func (f *file) alternative(r *rule, text string) error {
	weight := 1
	if rest, ok := strings.CutPrefix(text, "‹w "); ok {
		if n, err := fmt.Sscanf(rest, "%d›", &weight); n != 1 || err != nil || weight < 1 || weight > 1000 {
			return fmt.Errorf("bad weight in %q", text)
		}
		_, text, _ = strings.Cut(rest, "›")
	}
	seq, err := f.sequence(text)
	if err != nil {
		return err
	}
	for ; weight > 0; weight-- {
		r.alts = append(r.alts, seq)
	}
	return nil
}

// sequence parses literals and slots. Nesting is bounded by the grammar files,
// which are part of the program.
func (f *file) sequence(text string) (sequence, error) {
	var seq sequence
	for text != "" {
		i := strings.IndexRune(text, open)
		if i < 0 {
			i = len(text)
		}
		if strings.ContainsRune(text[:i], closed) {
			return nil, fmt.Errorf("unexpected › in %q", text)
		}
		if i > 0 {
			seq = append(seq, node{text: text[:i]})
		}
		if text = text[i:]; text == "" {
			break
		}
		end := match(text)
		if end < 0 {
			return nil, fmt.Errorf("unclosed ‹ in %q", text)
		}
		n, err := f.slot(text[len("‹"):end])
		if err != nil {
			return nil, err
		}
		seq = append(seq, n)
		text = text[end+len("›"):]
	}
	return seq, nil
}

// match returns where the slot that opens text closes, or -1.
func match(text string) int {
	depth := 0
	for i, c := range text {
		switch c {
		case open:
			depth++
		case closed:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (f *file) slot(body string) (node, error) {
	if parts := cut(body, bar); len(parts) > 1 {
		var n node
		for _, p := range parts {
			seq, err := f.sequence(p)
			if err != nil {
				return node{}, err
			}
			n.alts = append(n.alts, seq)
		}
		return n, nil
	}
	name, rest, _ := strings.Cut(body, " ")
	if name != "" && name[0] == '$' {
		return node{call: recall, args: []string{name[1:]}}, nil
	}
	if b, ok := builtins[name]; ok {
		n := node{call: b.fn}
		for range b.words {
			var w string
			w, rest, _ = strings.Cut(rest, " ")
			if w == "" {
				return node{}, fmt.Errorf("‹%s› wants %d words", body, b.words)
			}
			n.args = append(n.args, w)
		}
		var err error
		n.rest, err = f.sequence(rest)
		return n, err
	}
	r := f.lookup(name)
	if r == nil || rest != "" {
		return node{}, fmt.Errorf("no rule or function for ‹%s›", body)
	}
	return node{rule: r}, nil
}

// cut splits at sep outside of slots.
func cut(s string, sep rune) []string {
	var parts []string
	depth, start := 0, 0
	for i, c := range s {
		switch {
		case c == open:
			depth++
		case c == closed:
			depth--
		case c == sep && depth == 0:
			parts = append(parts, s[start:i])
			start = i + len(string(sep))
		}
	}
	return append(parts, s[start:])
}
