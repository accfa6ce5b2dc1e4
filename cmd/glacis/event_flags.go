package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/otel"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/metrics"
)

// eventFlags are the flags that say where events go.
type eventFlags struct {
	sinks  []string
	traces string
	sample float64

	outputs *events.Outputs // that open made
}

func (f *eventFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.sinks, "event-sink", []string{"stdout:"},
		"where events go: stdout:, file:PATH, syslog+udp:// +tcp:// +tls://, otlp+http:// +https:// or webhook+https://HOST…, options behind # (docs/events.md); may be given again; a policy's logging.sinks takes the place of all")
	cmd.Flags().StringVar(&f.traces, "trace", "", "export a span per inspection to otlp+http://HOST:4318 or otlp+https://… (OpenTelemetry)")
	cmd.Flags().Float64Var(&f.sample, "trace-sample", 0.01, "share of the inspections to trace, above 0 to 1")
}

// trace exports spans of what is counted until the returned function is called.
func (f *eventFlags) trace(m *metrics.Set, log *slog.Logger) (stop func(), err error) {
	if f.traces == "" {
		return func() {}, nil
	}
	t, err := events.OpenTraces(f.traces, f.sample, events.Environment{Version: core.Version})
	if err != nil {
		return nil, fmt.Errorf("--trace: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces", "error", err) }))
	m.Trace(t)
	return func() {
		if err := t.Close(); err != nil {
			log.Error("traces", "error", err)
		}
	}, nil
}

// open makes the sinks.
func (f *eventFlags) open(stdout io.Writer, log *slog.Logger) (*events.Outputs, error) {
	o, err := events.Open(f.sinks, events.Environment{Version: core.Version, Stdout: stdout}, log)
	if err != nil {
		return nil, fmt.Errorf("--event-sink: %w", err)
	}
	f.outputs = o
	return o, nil
}

// closeEvents delivers what waits.
func closeEvents(o *events.Outputs, log *slog.Logger) {
	if err := o.Close(); err != nil {
		log.Error("events", "error", err)
	}
}
