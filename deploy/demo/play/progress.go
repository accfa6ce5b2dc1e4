package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

// open says what is going to be shown.
func (a *act) open() {
	fmt.Fprintf(a.out, "\n%s\n\n", a.paint.title("2. The sidecar learns the shop from its visitors"))
	fmt.Fprintf(a.out, "Visitors of %d networks search the shop. Windows of learning last %d s here; in real life ten minutes.\n", networks, 60/learnSpeed)
	if a.search != "" {
		fmt.Fprintf(a.out, "  search  %-32q honest, but refused; all of them send it, so learning will settle it\n", a.search)
	} else {
		fmt.Fprintf(a.out, "  search  this model refuses none of the %d odd searches that the demo has, so there is no mistake to unlearn\n", len(searchTexts))
	}
	if a.card != "" {
		fmt.Fprintf(a.out, "  card    %-32q honest, but refused; %d of them send it, too few, so an operator decides\n", a.card, writers)
	} else {
		fmt.Fprintf(a.out, "  card    this model refuses none of the %d odd cards that the demo has, so there is nothing to except\n", len(cardTexts))
	}
	fmt.Fprintf(a.out, "\n  time  the shop is learned             search refused  card refused\n")
}

// progress prints how far the shop has been learned and what is refused, when
// that has changed.
func (a *act) progress(level string, percent, searches, cards int) {
	line := fmt.Sprintf("%-8s %3d %% %s  %s  %s", level, percent, bar(percent), a.share(a.search, searches, networks), a.share(a.card, cards, writers))
	if line == a.shown {
		return
	}
	a.shown = line
	a.say("%s", line)
}

// share is a cell of the table.
func (a *act) share(text string, refused, sent int) string {
	if text == "" {
		return fmt.Sprintf("%12s", "–")
	}
	cell := fmt.Sprintf("%5d of %2d", refused, sent)
	if refused == 0 {
		return a.paint.good("  " + cell)
	}
	return "  " + cell
}

// bar is a bar of ten blocks.
func bar(percent int) string {
	n := min(max(percent/10, 0), 10)
	return strings.Repeat("█", n) + strings.Repeat("░", 10-n)
}

// close sends the attacks once more: what was learned must not have opened the
// shop to any that was refused before.
func (a *act) close(ctx context.Context, attacks []traffic.Request, before int) (good bool, err error) {
	after := 0
	for i, r := range attacks {
		_, refused, _, err := send(ctx, a.client, r, a.proxy, a.internal, fmt.Sprintf("demo-again-%d", i))
		if err != nil {
			return false, err
		}
		count(&after, refused)
	}
	fmt.Fprintf(a.out, "\nThe %d attacks of part 1 again, now with what was learned: %d blocked, %d before.\n", len(attacks), after, before)
	if after < before {
		fmt.Fprintln(a.out, a.paint.bad("Not as it should be: learning has let attacks through."))
	}
	fmt.Fprintf(a.out, "docs/learning.md says what counts as normal and why an attacker cannot teach it.\n")
	return after >= before, nil
}

// say prints a line with the time since the beginning of the act.
func (a *act) say(format string, args ...any) {
	d := time.Since(a.started).Round(time.Second)
	fmt.Fprintf(a.out, "  %d:%02d  %s\n", int(d.Minutes()), int(d.Seconds())%60, fmt.Sprintf(format, args...))
}

func indent(text string) string {
	return "        " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n        ") + "\n"
}
