package evade

import (
	"fmt"
	"io"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
)

// Print writes the report as text; rates are in percent, with 95 % intervals.
func (r *Report) Print(w io.Writer) error {
	p := &printer{w: w}
	p.line("model %s, confidence %s, seed %d, at most %d attacks a file, %d steps each",
		safetext.Terminal(r.Model), r.Confidence, r.Seed, r.PerFile, r.Steps)
	p.line("\n%-39s %8s %8s  %s", "family", "blocked", "evaded", "rate in %")
	for i := range r.Families {
		p.group(&r.Families[i], false)
	}
	p.line("\n%-30s %8s %8s %8s  %s", "file", "tried", "blocked", "evaded", "rate in %")
	for i := range r.Files {
		p.group(&r.Files[i], true)
	}
	total := r.Total
	total.Name = "all"
	p.group(&total, true)
	p.line("\nattacks hidden by honest text\n%12s %8s %8s %8s %8s", "bytes", "of", sides[0], sides[1], sides[2])
	for i := 0; i+len(sides) <= len(r.Padding); i += len(sides) {
		p.line("%12s %8d %8d %8d %8d", fmt.Sprintf("%d–%d", r.Padding[i].Bytes, 2*r.Padding[i].Bytes), r.Padding[i].Trials,
			r.Padding[i].Passed, r.Padding[i+1].Passed, r.Padding[i+2].Passed)
	}
	p.line("in all %d of %d: %s %%", r.PaddingPassed.Count, r.PaddingTrials, r.PaddingPassed)
	return p.err
}

// printer keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) group(g *Group, tried bool) {
	name := safetext.Clip(safetext.Terminal(g.Name), 30)
	if tried {
		p.line("%-30s %8d %8d %8d  %s", name, g.Tried, g.Blocked, g.Evaded.Count, g.Evaded)
		return
	}
	p.line("%-39s %8d %8d  %s", name, g.Blocked, g.Evaded.Count, g.Evaded)
}
