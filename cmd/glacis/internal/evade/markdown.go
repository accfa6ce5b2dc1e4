package evade

import (
	"fmt"
	"strings"
)

// Markdown writes the report for a model card; rates are in percent, with 95 %
// intervals.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "`%s`, %s confidence, seed %d, %d steps, at most %d attacks a file.\n\n| family | attacks | got through | %% |\n|---|---:|---:|---:|\n",
		r.Model, r.Confidence, r.Seed, r.Steps, r.PerFile)
	row := func(name string, g *Group) {
		fmt.Fprintf(&b, "| %s | %d | %d | %s |\n", name, g.Blocked, g.Evaded.Count, percent(g.Evaded))
	}
	for i := range r.Families {
		row(r.Families[i].Name, &r.Families[i])
	}
	row("**all**", &r.Total)
	fmt.Fprintf(&b, "\nHonest text around them: %d of %d trials hid an attack, %s %%.\n\n| bytes | attacks | before | after | both |\n|---|---:|---:|---:|---:|\n",
		r.PaddingPassed.Count, r.PaddingTrials, percent(r.PaddingPassed))
	for i := 0; i+len(sides) <= len(r.Padding); i += len(sides) {
		fmt.Fprintf(&b, "| %d–%d | %d | %d | %d | %d |\n", r.Padding[i].Bytes, 2*r.Padding[i].Bytes, r.Padding[i].Trials,
			r.Padding[i].Passed, r.Padding[i+1].Passed, r.Padding[i+2].Passed)
	}
	return b.String()
}

func percent(r Rate) string {
	return fmt.Sprintf("%.2f (%.2f–%.2f)", 100*r.Rate, 100*r.Low, 100*r.High)
}
