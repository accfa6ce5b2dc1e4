package replay

import (
	"io"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/printer"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
)

// Print writes the summary as text, at most top endpoints (0: all).
func (s *Summary) Print(w io.Writer, top int) error {
	p := printer.New(w)
	p.Line("%d requests, %d would have been blocked (%.2f %%), model %s",
		s.Requests, s.Blocked, percent(s.Blocked, s.Requests), safetext.Terminal(s.Model))
	for i, e := range s.Endpoints {
		if top > 0 && i == top {
			p.Line("\n… and %d more endpoints (--top 0 shows all)", len(s.Endpoints)-top)
			break
		}
		p.Line("\n%s %s  %d of %d (%.1f %%)", safetext.Terminal(e.Method),
			safetext.Clip(safetext.Terminal(e.Path), 100), e.Blocked, e.Requests, 100*e.Share)
		for _, l := range e.Locations {
			p.Line("  %-32s %6d  %5.1f %%  %-12s %3d  %s", safetext.Clip(safetext.Terminal(l.Location), 32), l.Blocked,
				100*l.Share, l.Family, l.Score, safetext.Clip(safetext.Terminal(l.Example), 80))
		}
	}
	return p.Err()
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }
