package main

import (
	"fmt"
	"io"
	"strings"
)

// print writes one request in a line: what became of it, what it was and, when
// something was found, what and where. What an attack got is said when it got
// through.
func (o *outcome) print(out io.Writer, p paint) {
	mark, found := p.faint("passed "), ""
	switch wrong := o.blocked == (o.request.Family == ""); {
	case o.blocked && wrong:
		mark = p.bad("REFUSED")
	case o.blocked:
		mark = p.good("blocked")
	case wrong:
		mark = p.bad("PASSED ")
	}
	if v := &o.verdict; v.Confidence != "" && v.Confidence != "none" {
		found = fmt.Sprintf("%-9s %3d  %s: %s", v.Family, v.Score, short(v.Location, 24), short(v.Window, 60))
	}
	line := fmt.Sprintf("  %s  %-36s %s", mark, short(o.request.Name, 36), found)
	fmt.Fprintln(out, strings.TrimRight(line, " "))
	if o.leaked {
		fmt.Fprintf(out, "           %s\n", p.bad(fmt.Sprintf("the shop gave away %q", short(o.request.Leak, 40))))
	}
}

// short makes text fit into a line of a terminal: control characters (attacks
// may contain escape sequences) become blanks.
func short(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
