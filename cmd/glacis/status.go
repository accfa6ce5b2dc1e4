package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/status"
)

// statusFlags are the flags of "glacis status".
type statusFlags struct {
	sidecar  askFlags
	proxy    string
	json     bool
	watch    bool
	interval time.Duration
}

// troubleError says that status found something that needs attention.
type troubleError struct{ count int }

// Error implements error.
func (e troubleError) Error() string { return fmt.Sprintf("%d to look at", e.count) }

const statusLong = `Status asks the proxy and the sidecar of this machine how they are: version, mode, model and its type, policy with
its hash or why a newer one was refused, what was learned, requests that were let through or refused because an
inspection failed, where events go, and when something changed last. A sidecar that learns tells the same of every
agent that it has heard of in the last ten minutes, and how far each asset has been learned.

Without flags it asks the usual addresses, and what does not run there is left out.

Exit status:
  0  all is well
  1  something needs attention, in lines that begin with "!": a model or policy that was refused, a sink that takes
     no events, an agent that was silent for a minute, an address that was named and does not answer, or nothing
     that runs
  2  wrong usage`

func newStatusCommand() *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "show how the proxy, the sidecar and all agents are",
		Long:    statusLong,
		Example: "  glacis status\n  glacis status --watch\n  glacis status --sidecar https://sidecar.example:9191 --sidecar-token-file token --json | jq .agents",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sources, err := f.sources(cmd)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return f.run(ctx, cmd.OutOrStdout(), sources)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.proxy, "proxy", "127.0.0.1:9090", `address of the proxy's metrics, "" for none`)
	f.sidecar.register(cmd, sidecarAddress, `address of the sidecar, host:port, https://… or unix:/path, "" for none`)
	flags.BoolVar(&f.json, "json", false, "print JSON, one object a line")
	flags.BoolVar(&f.watch, "watch", false, "print again every --interval until interrupted")
	flags.DurationVar(&f.interval, "interval", 2*time.Second, "time between two prints of --watch")
	return cmd
}

// sources are what is to be asked, the sidecar last.
func (f *statusFlags) sources(cmd *cobra.Command) ([]status.Source, error) {
	if f.interval <= 0 {
		return nil, fmt.Errorf("--interval %v is not positive", f.interval)
	}
	named := func(flag string) bool { return cmd.Flags().Changed(flag) }
	chosen := named("proxy") || named("sidecar")
	var out []status.Source
	if f.proxy != "" && (named("proxy") || !chosen) {
		c, err := ask.New(f.proxy, ask.Options{})
		if err != nil {
			return nil, fmt.Errorf("--proxy: %w", err)
		}
		out = append(out, status.Source{Address: "proxy at " + f.proxy, Client: c, Path: "/-/status", Optional: !chosen})
	}
	if f.sidecar.address != "" && (named("sidecar") || !chosen) {
		c, err := f.sidecar.client()
		if err != nil {
			return nil, err
		}
		out = append(out, status.Source{Address: "sidecar at " + f.sidecar.address, Client: c, Path: "/v1/status", Optional: !chosen})
	}
	return out, nil
}

// run prints once or until ctx ends.
func (f *statusFlags) run(ctx context.Context, out io.Writer, sources []status.Source) error {
	for {
		o := status.Ask(ctx, time.Now(), sources...)
		if ctx.Err() != nil && f.watch {
			return nil
		}
		if err := f.print(out, o); err != nil {
			return err
		}
		if !f.watch {
			if n := len(o.Trouble); n > 0 {
				return troubleError{n}
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(f.interval):
		}
	}
}

func (f *statusFlags) print(out io.Writer, o *status.Overview) error {
	if f.json {
		return json.NewEncoder(out).Encode(o)
	}
	if f.watch {
		// Top of an empty screen, as watch(1) does, and the time in a line of its own.
		if _, err := io.WriteString(out, "\x1b[H\x1b[2J"+o.Time.Format(time.RFC3339)+"\n\n"); err != nil {
			return err
		}
	}
	return o.Print(out)
}
