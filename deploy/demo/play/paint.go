package main

import (
	"io"
	"os"
)

// paint colors text on a terminal, and leaves it alone elsewhere.
type paint bool

// paintFor says whether out is a terminal that wants colors (no-color.org).
func paintFor(out io.Writer) paint {
	f, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return paint(err == nil && info.Mode()&os.ModeCharDevice != 0)
}

func (p paint) good(s string) string  { return p.in("32", s) }
func (p paint) bad(s string) string   { return p.in("31;1", s) }
func (p paint) note(s string) string  { return p.in("33", s) }
func (p paint) faint(s string) string { return p.in("2", s) }
func (p paint) title(s string) string { return p.in("1", s) }

func (p paint) in(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
