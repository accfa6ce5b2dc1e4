package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/replay"
	core "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/policy"
)

// event has the members of an event line that make an exception.
type event struct {
	ID         string   `json:"event.id"`
	Time       string   `json:"@timestamp"`
	Action     string   `json:"event.action"`
	Method     string   `json:"http.request.method"`
	Path       string   `json:"url.path"`
	Asset      string   `json:"glacis.asset"`
	Reason     string   `json:"glacis.reason"`
	Family     string   `json:"glacis.family"`
	Location   string   `json:"glacis.location"`
	Violations []string `json:"glacis.violations"`
}

func newExceptionCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "exception", Short: "write exceptions", Long: "An exception says what is known to be harmless (docs/policy.md)."}
	cmd.AddCommand(newFromEventCommand())
	return cmd
}

func newFromEventCommand() *cobra.Command {
	var template bool
	var days int
	cmd := &cobra.Command{
		Use:   "from-event ID|- [FILE...]",
		Short: "print the narrowest exception that would have let a request pass",
		Long: `From-event looks for the event of a request id in event lines (JSON, from files or standard input) and prints
the narrowest exception that leaves out what decided: this asset, method, path, place with its decode chain, and
family, with an expiry. With - it takes the last event that was or would have been refused.

An event names the strongest finding only. If the request had others, it takes one exception each: run the request
through glacis policy test or glacis policy diff.`,
		Example: "  glacis exception from-event 5f0c2c9e-8d0b-4b0e-9a63-0f1d3f1f2a11 events.jsonl\n  journalctl -u glacis -o cat | glacis exception from-event -",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := findEvent(cmd.InOrStdin(), args[0], args[1:])
			if err != nil {
				return err
			}
			x, err := e.exception(template)
			if err != nil {
				return err
			}
			if days > 0 {
				x.Expires = time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
			}
			return printException(cmd.OutOrStdout(), x)
		},
	}
	cmd.Flags().BoolVar(&template, "template", false, "numbers, UUIDs and hashes in the path may be others")
	cmd.Flags().IntVar(&days, "days", 90, "days until it expires, 0 for never")
	return cmd
}

// findEvent returns the event of an id, or the last one that was or would have
// been refused.
func findEvent(stdin io.Reader, id string, files []string) (*event, error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	var found *event
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
			var e event
			// Other lines may stand between the events.
			if json.Unmarshal(lines.Bytes(), &e) != nil || e.Action == "" {
				continue
			}
			if id == "-" && (e.Action == "block" || e.Action == "detect") || id != "-" && e.ID == id {
				found = &e
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

// exception makes the exception of an event.
func (e *event) exception(template bool) (*core.Exception, error) {
	switch e.Reason {
	case "", "score":
	case "exception":
		return nil, fmt.Errorf("event %s: an exception with action block refused it: change that one", e.ID)
	default:
		return nil, fmt.Errorf("event %s: protections or limits refused it (%s): change %s in the policy", e.ID, strings.Join(e.Violations, ", "), e.Reason)
	}
	if e.Location == "" {
		return nil, fmt.Errorf("event %s has no finding: there is nothing to except", e.ID)
	}
	id := "event-" + e.ID
	if len(id) > 40 {
		id = id[:40]
	}
	x := &core.Exception{ID: id, Action: core.ActionSkip, Locations: []string{escape(e.Location)}, Reason: "request " + e.ID + " of " + e.Time}
	if e.Family != "" && e.Family != "none" {
		x.Families = []string{e.Family}
	}
	if e.Method != "" {
		x.Methods = []string{e.Method}
	}
	if e.Asset != "" {
		x.Assets = []string{e.Asset}
	}
	if e.Path != "" {
		x.Paths = []string{escape(e.Path)}
		if template {
			x.Paths[0] = strings.ReplaceAll(escape(replay.Template(e.Path)), "{id}", "*")
		}
	}
	return x, nil
}

// escape takes from a text what a pattern would read otherwise.
func escape(s string) string { return strings.NewReplacer(`\`, `\\`, `*`, `\*`).Replace(s) }

// printException prints an exception as the list that a policy has.
func printException(out io.Writer, x *core.Exception) error {
	text, err := policy.Write(&core.Document{Exceptions: []core.Exception{*x}})
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}
