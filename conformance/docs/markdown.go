package docs

import (
	"regexp"
	"strings"
)

// Page is what a Markdown document claims, by line.
type Page struct {
	// Links are targets of inline links and images, outside code.
	Links []Mention
	// Code are lines of code: those of fenced and indented blocks with a trailing
	// backslash joined to the next, and inline spans.
	Code []Mention
	// Anchors are the fragments by which headings can be linked to.
	Anchors map[string]bool
}

// Mention is a text and the line on which it stands, counted from 1.
type Mention struct {
	Line int
	Text string
}

var (
	link    = regexp.MustCompile(`\]\(([^()\s]*(?:\([^()\s]*\))?[^()\s]*)\)`)
	span    = regexp.MustCompile("`([^`]+)`")
	unnamed = regexp.MustCompile(`[^\p{L}\p{N}_\- ]`)
)

// Parse takes a document apart. It knows as much of Markdown as this
// repository's documents use: no reference links, no HTML, no spans over lines.
func Parse(text string) *Page {
	p := &Page{Anchors: map[string]bool{}}
	fenced, joined, begin := false, "", 0
	blank := true // an indented block begins behind an empty line only
	for i, line := range strings.Split(text, "\n") {
		number := i + 1
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			fenced = !fenced
		case fenced, blank && strings.HasPrefix(line, "    ") && trimmed != "":
			if joined == "" {
				begin = number
			}
			if rest, more := strings.CutSuffix(trimmed, `\`); more {
				joined += rest
				continue
			}
			p.Code = append(p.Code, Mention{begin, joined + trimmed})
			joined = ""
			continue // an indented block goes on
		default:
			p.prose(number, line)
		}
		blank = trimmed == ""
	}
	return p
}

// prose adds what stands in a line that is not code.
func (p *Page) prose(number int, line string) {
	if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
		p.Anchors[Anchor(title)] = true
	}
	for _, m := range span.FindAllStringSubmatch(line, -1) {
		p.Code = append(p.Code, Mention{number, m[1]})
	}
	for _, m := range link.FindAllStringSubmatch(span.ReplaceAllString(line, "code"), -1) {
		p.Links = append(p.Links, Mention{number, m[1]})
	}
}

// Anchor returns the fragment of a heading, as GitHub makes it.
func Anchor(title string) string {
	title = strings.ToLower(strings.TrimSpace(title))
	return strings.ReplaceAll(unnamed.ReplaceAllString(title, ""), " ", "-")
}
