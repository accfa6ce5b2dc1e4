package main

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// sidecarFlags are the flags of "glacis sidecar" beside the engine's.
type sidecarFlags struct {
	engine           engineFlags
	events           eventFlags
	agentEvents      agentEventFlags
	status           statusSource
	models           modelFlags
	learning         learningFlags
	geo              geoFlags
	settings         gateway.Settings
	inspection       inspection.Config
	server           sidecar.Config
	tokenFile        string
	operatorFile     string
	logFormat, level string
}

const sidecarLong = `Sidecar inspects requests for gateways that ask.

  HTTP  POST /v1/inspect, the gateways' own questions below /v1/authz (Envoy ext_authz, Traefik forwardAuth,
        nginx auth_request), /v1/events, GET /healthz, /readyz, /metrics and /v1/openapi.yaml, the web console at
        /console/; with --store or --nats-url also what wrappers need for learning: /v1/observations, /v1/profile,
        /v1/agents, /v1/learning
  gRPC  Envoy's ext_authz and ext_proc, and the standard health check

An address is host:port or unix:/path. Beyond loopback a listener needs TLS (--tls-cert, --tls-key) and either a
token (--token-file) or client certificates (--client-ca).

Events, its own and those that wrappers send, go to standard output, one JSON object a line, or where --event-sink
says; everything else that is to be said goes to standard error.
SIGTERM or an interrupt drains: not ready, no new calls, then the end of those being served.`

func newSidecarCommand() *cobra.Command {
	var f sidecarFlags
	cmd := &cobra.Command{
		Use:     "sidecar",
		Short:   "inspect requests for gateways that ask",
		Long:    sidecarLong,
		Example: "  glacis sidecar\n  glacis sidecar --http unix:/run/glacis/http.sock --grpc 127.0.0.1:9192 --mode detect --log all",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return f.run(ctx, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.server.HTTP, "http", []string{"127.0.0.1:9191"}, "address for HTTP; may be given again")
	flags.StringArrayVar(&f.server.GRPC, "grpc", []string{"127.0.0.1:9192"}, "address for gRPC; may be given again")
	flags.StringVar(&f.settings.Mode, "mode", gateway.Prevent, "prevent refuses, detect only reports, off inspects nothing (for gateways that ask; not /v1/inspect)")
	flags.StringVar(&f.settings.FailMode, "fail", gateway.Open, "a request that cannot be inspected is let through (open) or refused with 503 (closed)")
	flags.Int64Var(&f.settings.MaxBodyBytes, "max-body-bytes", core.DefaultLimits().BodyBytes, "how much of a body is inspected")
	flags.StringVar(&f.settings.RequestIDHeader, "request-id-header", "X-Request-Id", "header that carries the request id")
	flags.StringVar(&f.settings.Log, "log", gateway.LogFindings, "requests to report: blocked, findings, all or off")
	flags.DurationVar(&f.inspection.Timeout, "inspect-timeout", 0, "time that inspecting one request may take (default 2s)")
	flags.IntVar(&f.inspection.MaxInFlight, "max-in-flight", 0, "requests under inspection at a time (default 1024)")
	flags.StringVar(&f.server.TLSCert, "tls-cert", "", "certificate chain (PEM file)")
	flags.StringVar(&f.server.TLSKey, "tls-key", "", "private key (PEM file)")
	flags.StringVar(&f.server.ClientCA, "client-ca", "", "authority of client certificates (PEM file)")
	flags.StringVar(&f.tokenFile, "token-file", "", "file with the token that callers must know, at least 16 characters")
	flags.StringVar(&f.operatorFile, "operator-token-file", "", "file with another token, which decisions, exports, lists of agents and events need; without it --token-file does for them")
	flags.BoolVar(&f.server.Console, "console", true, "serve the web console at /console/ of the HTTP addresses, for those who know the operators' token (docs/console.md)")
	flags.DurationVar(&f.server.DrainTimeout, "drain-timeout", 0, "how long calls may take to end (default 10s)")
	flags.StringVar(&f.logFormat, "log-format", "json", "json or text, on standard error")
	flags.StringVar(&f.level, "log-level", "info", "debug, info, warn or error")
	f.engine.register(cmd)
	f.events.register(cmd)
	f.agentEvents.register(cmd)
	f.models.register(cmd)
	f.learning.register(cmd)
	f.geo.register(cmd)
	completeWith(cmd, "mode", gateway.Prevent, gateway.Detect, gateway.Off)
	completeWith(cmd, "fail", gateway.Open, gateway.Closed)
	completeWith(cmd, "log", gateway.LogBlocked, gateway.LogFindings, gateway.LogAll, gateway.LogOff)
	completeWith(cmd, "log-format", "json", "text")
	completeWith(cmd, "log-level", "debug", "info", "warn", "error")
	return cmd
}

// run checks the flags and serves until ctx ends.
func (f *sidecarFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	log, err := newLogger(stderr, f.logFormat, f.level)
	if err != nil {
		return err
	}
	f.settings.Confidence = f.engine.confidence
	outputs, err := f.events.open(stdout, log)
	if err != nil {
		return err
	}
	defer closeEvents(outputs, log)
	held, err := f.holdEngine(ctx, log)
	if err != nil {
		return err
	}
	engine := held.engine.Load()
	if f.tokenFile != "" {
		if f.server.Token, err = sidecar.ReadToken(f.tokenFile); err != nil {
			return err
		}
	}
	if f.operatorFile != "" {
		if f.server.OperatorToken, err = sidecar.ReadToken(f.operatorFile); err != nil {
			return fmt.Errorf("--operator-token-file: %w", err)
		}
	}
	recent := f.agentEvents.collect(outputs)
	taught, err := f.learning.open(ctx, f.settings.Mode, held.engine.Load, recent, log)
	if err != nil {
		return err
	}
	if taught != nil {
		defer taught.close()
		f.inspection.Agent, f.server.Routes = taught.agent, append(f.server.Routes, taught.routes...)
	} else {
		f.inspection.Recent, f.server.Routes = recent.Show, append(f.server.Routes, recent.Routes()...)
	}
	f.inspection.Engine, f.inspection.Settings, f.inspection.Events, f.inspection.Log = engine, f.settings, outputs, log
	service, err := inspection.New(f.inspection)
	if err != nil {
		return err
	}
	defer service.Close()
	untrace, err := f.events.trace(service.Metrics().Set, log)
	if err != nil {
		return err
	}
	defer untrace()
	agentEventMetrics(service.Metrics().Registry, recent)
	held.models.tell = noticeTo(outputs, "glacis/sidecar")
	held.follow(ctx, service, log)
	if taught != nil {
		taught.metrics(service.Metrics().Registry)
	}
	f.status.begin(node.Sidecar, f.settings.Mode, f.engine.confidence, f.settings.FailMode)
	f.status.engine, f.status.models, f.status.policy = service.Engine, held.models, held.holder
	f.status.counts, f.status.sinks = service.Metrics().Counts, outputs
	var sign func([]byte) string
	if taught != nil {
		sign, f.status.profile = taught.sign, taught.profile
		f.server.SignPolicy = taught.signPolicy
		taught.about.Store(&f.status)
	}
	f.server.Routes = append(f.server.Routes, api.Model(held.models.holder.Current), api.Tables(held.models.holder.Current, sign),
		api.Status(f.status.status))
	f.server.Service, f.server.Log = service, log
	f.server.Started = func(addresses []string) {
		log.Info("listening", "addresses", addresses, "mode", f.settings.Mode, "confidence", f.settings.Confidence,
			"fail", f.settings.FailMode, "model", engine.Model())
		if f.server.Token != "" && f.server.OperatorToken == "" {
			log.Warn("agents may do what operators may: there is no --operator-token-file")
		}
	}
	server, err := sidecar.New(f.server)
	if err != nil {
		return err
	}
	return server.Serve(ctx)
}
