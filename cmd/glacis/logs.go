package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/eventlog"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/gateway"
)

// eventActions are the values of "event.action".
var eventActions = []string{"pass", "block", "detect", "fail_open", "fail_closed", "reject", events.ActionNotice}

// logsFlags are the flags of "glacis logs".
type logsFlags struct {
	filter  eventlog.Filter
	since   string
	sidecar askFlags
	follow  bool
	json    bool
}

const logsLong = `Logs prints events (docs/events.md) from files, standard input or a sidecar, one a line, oldest first. Lines
that are no events are left out, and text that a gateway put around an event too.

A flag that is given again, or a list with commas, wants any of its values; different flags want all of them.
With --follow it goes on until interrupted; a file that is rotated is followed to the next one. A sidecar keeps the
latest 10,000 events, its own and those of all its agents, from findings on.`

func newLogsCommand() *cobra.Command {
	var f logsFlags
	cmd := &cobra.Command{
		Use:   "logs [FILE... | --sidecar ADDRESS]",
		Short: "print, filter and follow events",
		Long:  logsLong,
		Example: "  glacis logs --action block,detect --since 1h /var/log/glacis/events.jsonl\n  journalctl -u glacis -o cat | glacis logs --family sqli\n" +
			"  glacis logs --sidecar 127.0.0.1:9191 --follow --asset shop",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return f.run(ctx, cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.BoolVarP(&f.follow, "follow", "f", false, "wait for more, until interrupted")
	flags.BoolVar(&f.json, "json", false, "print the events as they are, JSON, one a line")
	flags.StringVar(&f.since, "since", "", "earliest time: 15m (before now), 2026-11-22 or 2026-11-22T10:00:00Z")
	flags.StringSliceVar(&f.filter.Actions, "action", nil, "what was done: "+strings.Join(eventActions, ", "))
	flags.StringSliceVar(&f.filter.Families, "family", nil, "class of attack, sqli, xss, …")
	flags.StringSliceVar(&f.filter.Assets, "asset", nil, "the policy's asset")
	flags.StringSliceVar(&f.filter.Confidences, "confidence", nil, "none, medium, high or critical")
	flags.StringSliceVar(&f.filter.Gateways, "gateway", nil, "wrapper and mode, envoy/wasm, glacis/proxy, …")
	flags.StringSliceVar(&f.filter.Hosts, "host", nil, "the request's Host header")
	flags.StringSliceVar(&f.filter.IDs, "id", nil, "request id")
	f.sidecar.register(cmd, "", "read from the sidecar at host:port, https://… or unix:/path")
	var families []string
	for i := model.Family(1); i < model.Families; i++ {
		families = append(families, i.Name())
	}
	completeWith(cmd, "family", families...)
	completeWith(cmd, "action", eventActions...)
	completeWith(cmd, "confidence", "none", "medium", "high", "critical")
	return cmd
}

// check finds values that nothing can match.
func (f *logsFlags) check() error {
	known := map[string][]string{"--action": eventActions, "--confidence": {"none", "medium", "high", "critical"}}
	for flag, values := range map[string][]string{"--action": f.filter.Actions, "--confidence": f.filter.Confidences} {
		for _, v := range values {
			if !slices.Contains(known[flag], v) {
				return fmt.Errorf("%s %q is none of %v%s", flag, v, known[flag], gateway.Suggest(v, known[flag]))
			}
		}
	}
	for _, v := range f.filter.Families {
		if _, ok := model.ParseFamily(v); !ok {
			return fmt.Errorf("--family %q is no class of attack", v)
		}
	}
	var err error
	if f.filter.Since, err = eventlog.ParseSince(f.since, time.Now()); err != nil {
		return fmt.Errorf("--since: %w", err)
	}
	return nil
}

// run prints until the end or until ctx ends.
func (f *logsFlags) run(ctx context.Context, cmd *cobra.Command, files []string) error {
	if err := f.check(); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	take := func(e *eventlog.Event) error {
		if !f.filter.Match(e) {
			return nil
		}
		if f.json {
			_, err := fmt.Fprintf(out, "%s\n", e.Line)
			return err
		}
		return e.Print(out)
	}
	if f.sidecar.address != "" {
		if len(files) > 0 {
			return errors.New("files or --sidecar, not both")
		}
		client, err := f.sidecar.client()
		if err != nil {
			return err
		}
		return eventlog.FromSidecar(ctx, client, &f.filter, f.follow, take, func(n uint64) {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d events went by too fast\n", cmd.CommandPath(), n)
		})
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	if f.follow && (len(files) > 1 || files[0] == "-") {
		if len(files) > 1 {
			return errors.New("--follow takes one file")
		}
		return eventlog.Read(cmd.InOrStdin(), take) // a pipe is followed anyway
	}
	if f.follow {
		return eventlog.FollowFile(ctx, files[0], take)
	}
	return readFiles(cmd.InOrStdin(), files, take)
}

// readFiles reads one file after the other.
func readFiles(stdin io.Reader, files []string, take func(*eventlog.Event) error) error {
	for _, path := range files {
		in := stdin
		if path != "-" {
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			in = file
		}
		if err := eventlog.Read(in, take); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
