package main

import (
	"fmt"
	"io"
	"sort"
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
	fmt.Fprintf(out, "\nhonest visits: %d of %d passed\n\n", s.passed, s.benign)
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "attacks\tsent\tblocked\tgot data from the bare shop\tbehind glacis\t")
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
