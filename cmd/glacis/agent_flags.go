package main

import (
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/proxy"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// agentFlags are the flags of a wrapper that takes part in learning.
type agentFlags struct {
	cfg      agent.Config
	identity string
	// status says more of the program than policies do; nil for nothing.
	status *statusSource
	// registry shows what the agent does; nil for nobody.
	registry prometheus.Registerer
}

func (f *agentFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.cfg.Sidecar, "sidecar", "", "take part in learning with the sidecar at host:port, https://… or unix:/path, and take its policy if there is no --policy")
	flags.StringVar(&f.cfg.TokenFile, "sidecar-token-file", "", "file with the sidecar's token")
	flags.StringVar(&f.cfg.CA, "sidecar-ca", "", "authority of the sidecar's certificate (PEM file)")
	flags.StringVar(&f.cfg.Cert, "sidecar-cert", "", "certificate for the sidecar (PEM file)")
	flags.StringVar(&f.cfg.Key, "sidecar-cert-key", "", "its private key (PEM file)")
	flags.StringVar(&f.cfg.PublicKey, "sidecar-public-key", "", "key that profiles and policies must be signed with (GET /v1/profile/key); without it the first one seen")
	flags.StringVar(&f.identity, "learn-identity", "", "tell clients apart for learning by header:NAME, cookie:NAME or jwt:CLAIM; \"verified header:NAME\" if the proxies that the policy trusts have checked it")
}

// start starts the agent of a proxy.
func (f *agentFlags) start(l *proxy.Learning, policies *proxy.Policies, mode string, log *slog.Logger) (*agent.Agent, error) {
	f.cfg.Kind, f.cfg.Version, f.cfg.Log = "proxy", core.Version, log
	f.cfg.State = func() agent.State {
		requests, blocks := l.Counts()
		state := agent.State{Model: policies.Model(), Policy: policies.Policy(), Mode: mode, Requests: requests, Blocks: blocks}
		if f.status != nil {
			f.status.fill(&state)
		}
		return state
	}
	var err error
	if f.cfg.Identity, err = gateway.ParseIdentity(f.identity); err != nil {
		return nil, fmt.Errorf("--learn-%w", err)
	}
	a, err := agent.Start(f.cfg)
	if err != nil {
		return nil, fmt.Errorf("--sidecar: %w", err)
	}
	l.Connect(a)
	if policies.Shadow != nil {
		policies.Shadow.Learn((&agent.Overlay{Agent: a}).Engine)
	}
	if f.registry != nil {
		agentMetrics(f.registry, a)
	}
	if f.status != nil {
		f.status.profile = func() string {
			if p := a.Profile(); p != nil {
				return p.Version()
			}
			return ""
		}
	}
	return a, nil
}
