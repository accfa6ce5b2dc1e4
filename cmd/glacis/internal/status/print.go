package status

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/events/node"
)

// Print writes the overview for people. What others say of themselves cannot
// move the terminal's cursor.
func (o *Overview) Print(w io.Writer) error {
	var b strings.Builder
	for i := range o.Nodes {
		o.printNode(&b, &o.Nodes[i])
	}
	o.printAgents(&b)
	o.printLearning(&b)
	for _, text := range o.Trouble {
		b.WriteString("! " + safetext.Terminal(text) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// maxExceptions is how many exceptions are printed.
const maxExceptions = 20

func (o *Overview) printNode(b *strings.Builder, s *node.Status) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "  %s\t%s\n", name, safetext.Terminal(fmt.Sprintf(format, args...)))
	}
	fmt.Fprintf(b, "%s %s on %s, up %s\n", safetext.Terminal(s.Kind), safetext.Terminal(s.Version), or(safetext.Terminal(s.Host), "this machine"), o.Time.Sub(s.Started).Truncate(time.Second))
	row("mode", "%s from confidence %s on, fails %s", s.Mode, or(s.Confidence, "high"), or(s.Fail, "open"))
	row("model", "%s (%s)%s", s.Model.Name, s.Model.Type, note(", available: ", s.Model.Update))
	if s.Model.Error != "" {
		row("", "error: %s", s.Model.Error)
	}
	if two := s.Model.Shadow; two != nil {
		row("", "beside it %s: of %d requests only it would block %d, only it would pass %d%s", two.Name, two.Compared, two.Blocks, two.Passes, note(", error: ", two.Error))
	}
	if s.Policy.Name == "" {
		row("policy", "none")
	} else {
		row("policy", "%s, loaded %s%s", s.Policy.Name, at(s.Policy.Loaded), warnings(s.Policy.Warnings))
	}
	if s.Policy.Error != "" {
		row("", "error: %s", s.Policy.Error)
	}
	for i, x := range s.Policy.Exceptions {
		if i == maxExceptions {
			row("", "and %d more exceptions, --json has all", len(s.Policy.Exceptions)-i)
			break
		}
		row("exception", "%s: %s, changed %d verdicts, matched %d more", x.ID, x.State, x.Applied, x.Idle)
	}
	row("learned", "%s", or(s.Profile, "nothing"))
	n := s.Counts
	row("requests", "%d, blocked %d, failed open %d, failed closed %d, inspections failed %d", n.Requests, n.Blocked, n.FailOpen, n.FailClosed, n.Failures)
	for _, e := range s.Events {
		row("events", "%s: %d sent, %d dropped, %d waiting%s", e.Name, e.Sent, e.Full+e.Failed+e.Closed, e.Waiting, note(", error: ", e.Error))
	}
	row("updated", "%s", at(s.Updated))
	t.Flush() // a strings.Builder never fails
	b.WriteByte('\n')
}

func (o *Overview) printAgents(b *strings.Builder) {
	if len(o.Agents) == 0 {
		return
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "AGENT\tVERSION\tMODE\tMODEL\tPOLICY\tLEARNED\tREQUESTS\tBLOCKED\tFAIL OPEN\tERRORS\tUPDATED\tSEEN")
	for _, a := range o.Agents {
		model := a.Model + note(" (", a.ModelType) + note("", strings.Repeat(")", min(1, len(a.ModelType))))
		cells := []string{a.ID, a.Version, a.Mode, model, a.Policy, a.Profile, fmt.Sprint(a.Requests), fmt.Sprint(a.Blocks),
			fmt.Sprint(a.FailOpen), fmt.Sprint(a.Failures), at(a.Updated), o.Time.Sub(a.LastSeen).Truncate(time.Second).String() + " ago"}
		for i := range cells {
			cells[i] = or(safetext.Terminal(cells[i]), "-")
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	t.Flush() // a strings.Builder never fails
	b.WriteByte('\n')
}

func (o *Overview) printLearning(b *strings.Builder) {
	if len(o.Learning) == 0 {
		return
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ASSET\tLEARNING\tENDPOINTS\tPARAMETERS\tMISSING")
	for _, a := range o.Learning {
		fmt.Fprintf(t, "%s\t%s %d%%\t%d\t%d\t%s\n", safetext.Terminal(a.Name), a.Maturity.Level, a.Maturity.Percent, a.Endpoints, a.Params, or(safetext.Terminal(a.Maturity.Missing), "-"))
	}
	t.Flush() // a strings.Builder never fails
	b.WriteByte('\n')
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// note is a text behind its introduction, "" for none.
func note(introduction, text string) string {
	if text == "" {
		return ""
	}
	return introduction + text
}

func warnings(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d warnings (glacis policy lint)", n)
}

// at is a time to the second, "-" for none.
func at(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}
