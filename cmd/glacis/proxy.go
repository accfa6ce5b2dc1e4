package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/proxy"
	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/policy"
)

// proxyFlags are the flags of "glacis proxy" beside the engine's.
type proxyFlags struct {
	engine           engineFlags
	events           eventFlags
	status           statusSource
	models           modelFlags
	agent            agentFlags
	geo              geoFlags
	receiver         *policy.Holder // of the sidecar's policy; nil if that is not wanted
	upstream         string
	mode, fail       string
	logFormat, level string
	cfg              proxy.Config
	server           proxy.ServerConfig
}

const proxyLong = `Proxy stands before one upstream, inspects every request and refuses those that look like attacks.

It speaks HTTP/1.1 and HTTP/2, with TLS (--tls-cert, --tls-key) or without (h2c), and passes on WebSockets,
server-sent events, trailers and uploads of any size. A request of up to 32 KiB is judged before the upstream
hears of it; of a longer one at most one block of 32 KiB is held back.

A refused client gets 403, as a page or as application/problem+json, with the request id under which an event
says what was found. Events go to standard output, one JSON object a line, or where --event-sink says; everything
else that is to be said goes to standard error. --metrics-listen serves /metrics (Prometheus), /-/status
(glacis status), /-/healthz and /-/readyz.

The policy's files and the model's source are watched: a new version is checked whole before it replaces the old
one, a bad one changes nothing and is reported in log and metrics. SIGHUP reloads at once. A model must be signed
with a trusted key (--model-key), but for the local file that --model names while no key is trusted; docs/models.md
says where models come from and how they are changed.

With --sidecar and without --policy, the policy is the sidecar's, which sends every new version.

SIGTERM or an interrupt drains: not ready, no new connections, then the end of the requests being served.`

func newProxyCommand() *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use:     "proxy --upstream URL",
		Short:   "protect an upstream as a reverse proxy",
		Long:    proxyLong,
		Example: "  glacis proxy --upstream http://127.0.0.1:3000\n  glacis proxy --upstream http://shop:3000 --mode detect --log-format text",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return f.run(ctx, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.upstream, "upstream", "", "where requests go: http://…, https://… or h2c://host[:port][/path] (required)")
	flags.StringVar(&f.server.Listen, "listen", ":8080", "address for clients")
	flags.StringVar(&f.mode, "mode", string(proxy.Prevent), "detect only logs, prevent refuses")
	flags.StringVar(&f.fail, "fail", string(proxy.FailOpen), "a request that cannot be inspected is let through (open) or refused with 503 (closed)")
	flags.StringVar(&f.server.MetricsListen, "metrics-listen", "127.0.0.1:9090", `address for metrics and health, "" for none`)
	flags.StringVar(&f.server.TLSCert, "tls-cert", "", "certificate chain (PEM file)")
	flags.StringVar(&f.server.TLSKey, "tls-key", "", "private key (PEM file)")
	flags.StringVar(&f.logFormat, "log-format", "json", "json or text, on standard error")
	flags.StringVar(&f.level, "log-level", "info", "debug (how every request went), info, warn or error")
	flags.StringVar(&f.cfg.Report, "log", gateway.LogFindings, "requests to report: blocked, findings, all or off; a policy's logging.level takes its place")
	flags.Int64Var(&f.cfg.MaxBodyBytes, "max-body-bytes", 0, "refuse longer request bodies with 413, 0 for no limit")
	flags.StringVar(&f.cfg.RequestIDHeader, "request-id-header", "X-Request-Id", "header that carries the request id; in mode detect the upstream gets it as the client sent it")
	flags.DurationVar(&f.server.DrainDelay, "drain-delay", 0, "go on for this long after saying not ready")
	flags.DurationVar(&f.server.DrainTimeout, "drain-timeout", 0, "how long requests may take to end (default 30s)")
	f.engine.register(cmd)
	f.events.register(cmd)
	f.agent.register(cmd)
	f.geo.register(cmd)
	f.models.register(cmd)
	completeWith(cmd, "mode", string(proxy.Detect), string(proxy.Prevent))
	completeWith(cmd, "fail", string(proxy.FailOpen), string(proxy.FailClosed))
	completeWith(cmd, "log", gateway.LogBlocked, gateway.LogFindings, gateway.LogAll, gateway.LogOff)
	completeWith(cmd, "log-format", "json", "text")
	completeWith(cmd, "log-level", "debug", "info", "warn", "error")
	return cmd
}

// run checks the flags and serves until ctx ends.
func (f *proxyFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	if f.upstream == "" {
		return errors.New("--upstream is required")
	}
	if (f.server.TLSCert == "") != (f.server.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key belong together")
	}
	log, err := newLogger(stderr, f.logFormat, f.level)
	if err != nil {
		return err
	}
	if f.cfg.Upstream, err = proxy.ParseUpstream(f.upstream); err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	if f.cfg.Events, err = f.events.open(stdout, log); err != nil {
		return err
	}
	defer closeEvents(f.cfg.Events, log)
	engines, err := f.hold(watching, log)
	if err != nil {
		return err
	}
	untrace, err := f.events.trace(f.cfg.Metrics.Set, log)
	if err != nil {
		return err
	}
	defer untrace()
	f.status.begin(node.Proxy, f.mode, f.engine.confidence, f.fail)
	f.status.sinks, f.server.Routes["GET /-/status"] = f.cfg.Events, &f.status
	f.cfg.Mode, f.cfg.Fail = proxy.Mode(f.mode), proxy.FailPolicy(f.fail)
	f.agent.status, f.agent.registry = &f.status, f.cfg.Metrics.Registry
	if f.agent.cfg.Sidecar != "" {
		f.cfg.Learning = proxy.NewLearning()
		engines.Learning = f.cfg.Learning
		a, err := f.agent.start(f.cfg.Learning, engines, f.mode, log)
		if err != nil {
			return err
		}
		defer a.Close()
		if f.receiver != nil {
			receivePolicy(watching, a, f.receiver, log)
		}
	}
	p, err := proxy.New(f.cfg)
	if err != nil {
		return err
	}
	f.server.Started = func(clients, local net.Addr) {
		attrs := []any{"listen", clients.String(), "upstream", f.cfg.Upstream.String(), "mode", f.mode,
			"confidence", f.engine.confidence, "fail", f.fail, "model", engines.Model()}
		if local != nil {
			attrs = append(attrs, "metrics", local.String())
		}
		log.Info("listening", attrs...)
	}
	return p.Serve(ctx, f.server)
}

// newLogger returns a logger of the given format and level.
func newLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	var opts slog.HandlerOptions
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level %q is none of debug, info, warn, error", level)
	}
	opts.Level = l
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(w, &opts)), nil
	case "text":
		return slog.New(slog.NewTextHandler(w, &opts)), nil
	}
	return nil, fmt.Errorf("--log-format %q is neither json nor text", format)
}
