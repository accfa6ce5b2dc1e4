package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"text/tabwriter"
)

// tally counts the attacks of one family.
type tally struct{ sent, blocked, leakable, leaked int }

// summary is the demo's result.
type summary struct {
	benign, passed int
	attacks        map[string]*tally
}

func (s *summary) add(o outcome) {
	if o.request.Family == "" {
		s.benign++
		if !o.blocked {
			s.passed++
		}
		return
	}
	if s.attacks == nil {
		s.attacks = map[string]*tally{}
	}
	t := s.attacks[o.request.Family]
	if t == nil {
		t = &tally{}
		s.attacks[o.request.Family] = t
	}
	t.sent++
	count(&t.blocked, o.blocked)
	count(&t.leakable, o.leakable)
	count(&t.leaked, o.leaked)
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// total adds the families up.
func (s *summary) total() tally {
	var sum tally
	for _, t := range s.attacks {
		sum.sent += t.sent
		sum.blocked += t.blocked
		sum.leakable += t.leakable
		sum.leaked += t.leaked
	}
	return sum
}

// good says whether all honest requests passed and enough attacks did not.
func (s *summary) good() bool {
	all := s.total()
	return s.benign > 0 && float64(s.passed) >= wantPassed*float64(s.benign) && all.sent > 0 && float64(all.blocked) >= wantBlocked*float64(all.sent)
}

// print writes the summary as a table.
func (s *summary) print(out io.Writer) {
	fmt.Fprintf(out, "\nhonest requests: %d of %d passed\n\n", s.passed, s.benign)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "attacks\tsent\tblocked\tsucceed unprotected\tsucceed behind glacis\t")
	row := func(name string, t tally) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t\n", name, t.sent, t.blocked, t.leakable, t.leaked)
	}
	families := make([]string, 0, len(s.attacks))
	for f := range s.attacks {
		families = append(families, f)
	}
	sort.Strings(families)
	for _, f := range families {
		row(f, *s.attacks[f])
	}
	row("all", s.total())
	_ = w.Flush() // a terminal that has gone needs no table
	if !s.good() {
		fmt.Fprintf(out, "\nNot as it should be: %.0f %% of the honest requests must pass and %.0f %% of the attacks be blocked.\n", wantPassed*100, wantBlocked*100)
	}
}

// printOutcome writes one request: what it was, what became of it and, when
// something was found, what and where.
func printOutcome(out io.Writer, o outcome) {
	kind, mark := "visit ", "passed "
	if o.request.Family != "" {
		kind = "attack"
	}
	if o.blocked {
		mark = "BLOCKED"
	}
	wrong := " "
	if o.blocked == (o.request.Family == "") {
		wrong = "!"
	}
	fmt.Fprintf(out, "%s %s %s %s: %s %s\n", wrong, kind, mark, o.request.Name, o.request.Method, short(o.request.Target, 70))
	if o.verdict.Confidence != "" && o.verdict.Confidence != "none" {
		fmt.Fprintf(out, "                 %s, %s confidence (score %d) in %s: %s\n",
			o.verdict.Family, o.verdict.Confidence, o.verdict.Score, o.verdict.Location, short(o.verdict.Window, 90))
	}
	if o.leakable {
		result := "withheld"
		if o.leaked {
			result = "GIVEN AWAY TOO"
		}
		fmt.Fprintf(out, "                 without protection the shop gives away %q; behind glacis: %s\n", short(o.request.Leak, 40), result)
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
