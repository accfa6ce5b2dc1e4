package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
)

// eventFlags are the flags that say where events go.
type eventFlags struct{ sinks []string }

func (f *eventFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.sinks, "event-sink", []string{"stdout:"},
		"where events go: stdout:, file:PATH, syslog+udp:// +tcp:// +tls://, otlp+http:// +https:// or webhook+https://HOST…, options behind # (docs/events.md); may be given again")
}

// open makes the sinks.
func (f *eventFlags) open(stdout io.Writer, log *slog.Logger) (*events.Outputs, error) {
	o, err := events.Open(f.sinks, events.Environment{Version: core.Version, Stdout: stdout}, log)
	if err != nil {
		return nil, fmt.Errorf("--event-sink: %w", err)
	}
	return o, nil
}

// closeEvents delivers what waits.
func closeEvents(o *events.Outputs, log *slog.Logger) {
	if err := o.Close(); err != nil {
		log.Error("events", "error", err)
	}
}
