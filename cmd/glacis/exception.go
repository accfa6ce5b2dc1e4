package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/replay"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/exception"
)

func newExceptionCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "exception", Short: "write exceptions", Long: "An exception says what is known to be harmless (docs/policy.md)."}
	cmd.AddCommand(newFromEventCommand())
	return cmd
}

func newFromEventCommand() *cobra.Command {
	var template bool
	var days int
	var confidence string
	cmd := &cobra.Command{
		Use:   "from-event ID|- [FILE...]",
		Short: "print the narrowest exception that would have let a request pass",
		Long: `From-event looks for the event of a request id in event lines (JSON, from files or standard input) and prints
the narrowest exception that leaves out what decided: this asset, method, path, place with its decode chain, and
family, with an expiry. With - it takes the last event that was or would have been refused.

If other places of the request would have been enough to refuse it, each gets an exception of its own; --confidence
is from where on the asset refuses. An event has room for a few of them: how many it does not name is said on
standard error.`,
		Example: "  glacis exception from-event 5f0c2c9e-8d0b-4b0e-9a63-0f1d3f1f2a11 events.jsonl\n  journalctl -u glacis -o cat | glacis exception from-event -",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := findEvent(cmd.InOrStdin(), args[0], args[1:])
			if err != nil {
				return err
			}
			level, ok := core.ParseConfidence(confidence)
			if !ok || level == core.ConfidenceNone {
				return fmt.Errorf("--confidence %q is none of medium, high, critical", confidence)
			}
			list, unnamed, err := exception.All(e, level)
			if err != nil {
				return err
			}
			for _, x := range list {
				if path := e.Text("url.path"); template && path != "" {
					x.Paths = []string{strings.ReplaceAll(exception.Escape(replay.Template(path)), "{id}", "*")}
				}
				if days > 0 {
					x.Expires = exception.Expiry(time.Now(), days)
				}
			}
			if unnamed > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "the event does not name %d more findings of the request: they have no exception here\n", unnamed)
			}
			text, err := exception.YAML(list...)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
	cmd.Flags().BoolVar(&template, "template", false, "numbers, UUIDs and hashes in the path may be others")
	cmd.Flags().IntVar(&days, "days", exception.Days, "days until it expires, 0 for never")
	cmd.Flags().StringVar(&confidence, "confidence", "high", "confidence from which the asset refuses: medium, high or critical")
	completeWith(cmd, "confidence", "medium", "high", "critical")
	return cmd
}

// findEvent returns the event of an id, or the last one that was or would have
// been refused.
func findEvent(stdin io.Reader, id string, files []string) (events.Members, error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	var found events.Members
	for _, file := range files {
		in := stdin
		if file != "-" {
			f, err := os.Open(file)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			in = f
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			e, err := events.Record{Line: lines.Bytes()}.Members()
			// Other lines may stand between the events.
			if err != nil || e.Text("event.action") == "" {
				continue
			}
			action := e.Text("event.action")
			if id == "-" && (action == "block" || action == "detect") || id != "-" && e.Text("event.id") == id {
				found = e
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	if found == nil && id == "-" {
		return nil, errors.New("no event of a request that was or would have been refused")
	}
	if found == nil {
		return nil, fmt.Errorf("no event %q", id)
	}
	return found, nil
}
