package evade

import (
	"fmt"
	"io"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/printer"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
)

// Print writes the report as text; rates are in percent, with 95 % intervals.
func (r *Report) Print(w io.Writer) error {
	p := printer.New(w)
	p.Line("model %s, confidence %s, seed %d, at most %d attacks a file, %d steps each",
		safetext.Terminal(r.Model), r.Confidence, r.Seed, r.PerFile, r.Steps)
	p.Line("\n%-39s %8s %8s  %s", "family", "blocked", "evaded", "rate in %")
	for i := range r.Families {
		printGroup(p, &r.Families[i], false)
	}
	p.Line("\n%-30s %8s %8s %8s  %s", "file", "tried", "blocked", "evaded", "rate in %")
	for i := range r.Files {
		printGroup(p, &r.Files[i], true)
	}
	total := r.Total
	total.Name = "all"
	printGroup(p, &total, true)
	p.Line("\nattacks hidden by honest text\n%12s %8s %8s %8s %8s", "bytes", "of", sides[0], sides[1], sides[2])
	for i := 0; i+len(sides) <= len(r.Padding); i += len(sides) {
		p.Line("%12s %8d %8d %8d %8d", fmt.Sprintf("%d–%d", r.Padding[i].Bytes, 2*r.Padding[i].Bytes), r.Padding[i].Trials,
			r.Padding[i].Passed, r.Padding[i+1].Passed, r.Padding[i+2].Passed)
	}
	p.Line("in all %d of %d: %s %%", r.PaddingPassed.Count, r.PaddingTrials, r.PaddingPassed)
	return p.Err()
}

func printGroup(p *printer.Printer, g *Group, tried bool) {
	name := safetext.Clip(safetext.Terminal(g.Name), 30)
	if tried {
		p.Line("%-30s %8d %8d %8d  %s", name, g.Tried, g.Blocked, g.Evaded.Count, g.Evaded)
		return
	}
	p.Line("%-39s %8d %8d  %s", name, g.Blocked, g.Evaded.Count, g.Evaded)
}
