package simulate

import (
	"bufio"
	"fmt"
	"io"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// Print writes a report as text: the first windows, then one an hour or so.
func (r *Report) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%6s %8s %6s %8s  %8s %9s %9s  %7s %9s  %s\n", "window", "honest", "false", "%", "attacks", "detected%", "alone%", "params", "profile", "level")
	step := max(1, len(r.Windows)/24)
	for i := range r.Windows {
		x := &r.Windows[i]
		if i >= 8 && i%step != 0 && i != len(r.Windows)-1 {
			continue
		}
		fmt.Fprintf(b, "%6d %8d %6d %8.3f  %8d %9.2f %9.2f  %7d %9d  %s\n", x.Number, x.Benign, x.False, percent(x.False, x.Benign),
			x.Attacks, percent(x.Detected, x.Attacks), percent(x.Alone, x.Attacks), x.Params, x.Bytes, x.Level)
	}
	first, last := r.Ends()
	fmt.Fprintf(b, "\nfalse positives, first window     %s\n", share(first.False, first.Benign))
	fmt.Fprintf(b, "false positives, last 6 windows   %s\n", share(last.False, last.Benign))
	fmt.Fprintf(b, "  of them critical, which an operator would have to accept: %d in the first, %d in the last 6\n", first.Critical, last.Critical)
	fmt.Fprintf(b, "held out of learning, before      %s\n", share(r.FreshBefore.False, r.FreshBefore.Benign))
	fmt.Fprintf(b, "held out of learning, after       %s\n", share(r.Fresh.False, r.Fresh.Benign))
	all := r.Total()
	fmt.Fprintf(b, "attacks detected, model alone     %s\n", share(all.Alone, all.Attacks))
	fmt.Fprintf(b, "attacks detected, with profile    %s\n", share(all.Detected, all.Attacks))
	fmt.Fprintf(b, "last 6 windows: alone             %s\n", share(last.Alone, last.Attacks))
	fmt.Fprintf(b, "last 6 windows: with profile      %s\n", share(last.Detected, last.Attacks))
	fmt.Fprintf(b, "disguised, model alone            %s\n", share(r.Disguised.Alone, r.Disguised.Attacks))
	fmt.Fprintf(b, "disguised, with profile           %s\n", share(r.Disguised.Detected, r.Disguised.Attacks))
	fmt.Fprintf(b, "probes, model alone               %s\n", share(r.Probes.Alone, r.Probes.Attacks))
	fmt.Fprintf(b, "probes, with profile              %s\n", share(r.Probes.Detected, r.Probes.Attacks))
	suggestions(b, "accepted at half time", r.Accepted)
	suggestions(b, "still suggested at the end", r.Left)
	return b.Flush()
}

// maxListed is how many suggestions are printed.
const maxListed = 12

func suggestions(b *bufio.Writer, title string, list []learn.Suggestion) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n", title, len(list))
	for i := range list[:min(len(list), maxListed)] {
		s := &list[i]
		fmt.Fprintf(b, "  %-9s %-8s %4d requests of %2d sources, %2d established  %s %s %s  %q\n", s.Family, s.Level, s.Requests, s.Sources, s.Trusted,
			s.Method, s.Template, s.Location, s.Examples)
	}
}

// Ends sums up the first window, and the last six.
func (r *Report) Ends() (first, last Rates) {
	if len(r.Windows) > 0 {
		first = r.Windows[0].Rates
	}
	for _, w := range r.Windows[max(0, len(r.Windows)-6):] {
		last.add(w.Rates)
	}
	return first, last
}

// Total sums up all windows.
func (r *Report) Total() Rates {
	var all Rates
	for _, w := range r.Windows {
		all.add(w.Rates)
	}
	return all
}

func (r *Rates) add(o Rates) {
	r.Benign += o.Benign
	r.False += o.False
	r.Critical += o.Critical
	r.Attacks += o.Attacks
	r.Detected += o.Detected
	r.Alone += o.Alone
}

func percent(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

func share(n, of int) string { return fmt.Sprintf("%7d of %8d  %8.4f %%", n, of, percent(n, of)) }
