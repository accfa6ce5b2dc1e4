package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/eventlog"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/redecide"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
)

// eventTally sums up a comparison over events.
type eventTally struct {
	read, left, stricter, laxer, hidden, unnamed, other int
}

// runEvents compares the policies over event logs: what each decides about the
// findings that were recorded.
func (f *diffFlags) runEvents(cmd *cobra.Command, files []string) error {
	if f.oldModel != "" || f.newModel != "" {
		return errors.New("--events: findings are the model's of then; two models need the requests themselves")
	}
	if f.old == f.new {
		return errors.New("both sides are the same: give --old and --new")
	}
	confidence, ok := core.ParseConfidence(f.confidence)
	if !ok || confidence == core.ConfidenceNone {
		return fmt.Errorf("--confidence %q is none of medium, high, critical", f.confidence)
	}
	was, err := diffPolicy(f.old)
	if err != nil {
		return err
	}
	will, err := diffPolicy(f.new)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	out, n := cmd.OutOrStdout(), eventTally{}
	for _, file := range files {
		if err := withFile(cmd.InOrStdin(), file, func(in io.Reader) error {
			return eventlog.Read(in, func(e *eventlog.Event) error { return f.compare(out, was, will, confidence, e, &n) })
		}); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if !f.asJSON {
		n.print(out, append(redecide.Gaps(was), redecide.Gaps(will)...))
	}
	return nil
}

// compare decides about one event twice.
func (f *diffFlags) compare(out io.Writer, was, will *policy.Policy, confidence core.Confidence, e *eventlog.Event, n *eventTally) error {
	r, ok := redecide.Read(e.Members)
	if !ok {
		n.left++
		return nil
	}
	n.read++
	n.unnamed += r.Unnamed
	for _, effect := range r.Exceptions {
		if effect == policy.Applied {
			n.hidden++
			break
		}
	}
	before, after := redecide.Decide(was, confidence, &r), redecide.Decide(will, confidence, &r)
	if before.Action != r.Action {
		n.other++
	}
	c := change{ID: safetext.UTF8(r.ID), Method: safetext.UTF8(r.Method), Path: safetext.UTF8(r.Path), Old: recorded(&before), New: recorded(&after)}
	if c.Old.Action == c.New.Action {
		return nil
	}
	if c.Old.Action == "block" || c.New.Action == "pass" {
		n.laxer++
	} else {
		n.stricter++
	}
	return c.print(out, f.asJSON)
}

// recorded is an outcome as diff prints it.
func recorded(o *redecide.Outcome) outcome {
	out := outcome{Action: string(o.Action), Asset: o.Asset, Reason: o.Reason, Confidence: core.ConfidenceNone.Name(), Family: "none", Exceptions: o.Exceptions}
	if o.Finding != nil {
		out.Confidence, out.Score, out.Family, out.Location = o.Finding.Confidence.Name(), o.Finding.Score, o.Finding.Family, safetext.UTF8(o.Finding.Location)
	}
	return out
}

// print says what changed, and what could not be found out.
func (n *eventTally) print(out io.Writer, gaps []string) {
	fmt.Fprintf(out, "%d events, %d treated more strictly, %d less\n", n.read, n.stricter, n.laxer)
	say := func(count int, text string) {
		if count > 0 {
			fmt.Fprintf(out, "  %d %s\n", count, text)
		}
	}
	fmt.Fprintln(out, "not replayed: requests without an event, which nobody objected to at the log level of then")
	say(n.left, "events of requests that were not decided by their findings (limits, faults, notices)")
	say(n.hidden, "events with evidence that an exception left out then: it is not in the event, so a policy without that exception looks laxer than it is")
	say(n.unnamed, "findings that events had no room for")
	say(n.other, "events whose action of then is another than the old policy's now: another mode of the wrapper, another policy, or something above")
	seen := map[string]bool{}
	for _, gap := range gaps {
		if !seen[gap] {
			fmt.Fprintln(out, "  "+gap)
		}
		seen[gap] = true
	}
}

// diffPolicy loads one side, nil for none.
func diffPolicy(path string) (*policy.Policy, error) {
	if path == "" {
		return nil, nil
	}
	loaded, err := loadPolicy(path)
	if err != nil {
		return nil, err
	}
	return loaded.Policy, nil
}

// withFile calls use with a file, or with standard input for "-".
func withFile(stdin io.Reader, name string, use func(io.Reader) error) error {
	if name == "-" {
		return use(stdin)
	}
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	return use(in)
}
