package eval

import (
	"fmt"
	"io"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/printer"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
)

// Print writes the report as text. All rates are in percent, with their 95 %
// intervals in brackets.
func (r *Report) Print(w io.Writer) error {
	p := printer.New(w)
	p.Line("model %s, %d requests (%d weak left out, %d without label, %d malformed)",
		safetext.Terminal(r.Model), r.Requests, r.Weak, r.Unlabeled, r.Malformed)
	printGroups(p, "attack files: true positives in %", r.Files, Attack)
	printGroups(p, "benign files: false positives in %", r.Files, Benign)
	printGroups(p, "attack categories: true positives in %", r.Categories, Attack)
	printGroups(p, "benign categories: false positives in %", r.Categories, Benign)
	p.Line("\n%-44s %10s %10s %10s", "averages in %", "critical", "high", "medium")
	printAverages(p, "TPR, mean over attack files", r, func(a Averages) *float64 { return a.TPR })
	printAverages(p, "FPR, mean over benign files", r, func(a Averages) *float64 { return a.FPR })
	printAverages(p, "balanced accuracy", r, func(a Averages) *float64 { return a.Balanced })
	printAverages(p, "headline FPR, mean of files", r, func(a Averages) *float64 { return a.HeadlineFPR })
	printAverages(p, "headline FPR, all requests", r, func(a Averages) *float64 {
		if a.HeadlinePooled == nil {
			return nil
		}
		return &a.HeadlinePooled.Rate
	})
	if len(r.Headline) > 0 {
		p.Line("headline: %v; files marked * are left out of the averages", r.Headline)
	}
	for _, point := range r.Points {
		p.Line("at most %g %% headline FPR: score %d, FPR %.4f %%, TPR %.2f %% (mean over attack files)",
			100*point.Target, point.Score, 100*point.FPR, 100*point.TPR)
	}
	return p.Err()
}

func printGroups(p *printer.Printer, title string, groups []Group, label string) {
	header := false
	for _, g := range groups {
		if g.Label != label {
			continue
		}
		if !header {
			p.Line("\n%-42s %8s  %-26s %-26s %s", title, "requests", "critical", "high", "medium")
			header = true
		}
		name := safetext.Clip(safetext.Terminal(g.Name), 40)
		if g.Apart {
			name += " *"
		}
		p.Line("%-42s %8d  %-26s %-26s %s", name, g.Requests,
			g.Rates["critical"], g.Rates["high"], g.Rates["medium"])
	}
}

func printAverages(p *printer.Printer, name string, r *Report, pick func(Averages) *float64) {
	var cells [3]string
	for i, level := range levels {
		cells[i] = "-"
		if v := pick(r.Macro[level.Name()]); v != nil {
			cells[i] = fmt.Sprintf("%.3f", 100**v)
		}
	}
	p.Line("%-44s %10s %10s %10s", name, cells[0], cells[1], cells[2])
}

// String is the rate in percent with its interval.
func (r Rate) String() string {
	return fmt.Sprintf("%7.3f [%.3f, %.3f]", 100*r.Rate, 100*r.Low, 100*r.High)
}
