package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const (
	// healthTimeout bounds one question.
	healthTimeout = 3 * time.Second
	// healthInterval is between two questions of --wait.
	healthInterval = 100 * time.Millisecond
)

// notReadyError says that what was asked does not serve; it is no wrong usage.
type notReadyError struct{ reason error }

// Error implements error.
func (e notReadyError) Error() string { return e.reason.Error() }

func newHealthCommand() *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "health [URL|unix:PATH]",
		Short: "ask a sidecar, a proxy or anything else that speaks HTTP whether it is ready",
		Long: `Health asks once, or with --wait until the answer is good, and says nothing when it is. Without an address it
asks the sidecar on this host. An address without a path is asked for /readyz, which is the sidecar's; that of
glacis proxy is /-/readyz on the address of its metrics. A good answer is one with a status from 200 to 399.

It is made for images without a shell, where it is the container's health check. A sidecar that listens on a unix
socket can be asked there whatever TLS, token and client certificates it wants elsewhere.

The exit status is 1 if there was no good answer.`,
		Example: "  glacis health\n  glacis health unix:/run/glacis/http.sock\n  glacis health --wait 30s http://127.0.0.1:9090/-/readyz",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			address := "http://127.0.0.1:9191"
			if len(args) == 1 {
				address = args[0]
			}
			client, target, err := healthTarget(address)
			if err != nil {
				return err
			}
			return awaitHealth(cmd.Context(), client, target, wait)
		},
	}
	cmd.Flags().DurationVar(&wait, "wait", 0, "go on asking for this long")
	return cmd
}

// healthTarget makes what an address is asked with, and for what.
func healthTarget(address string) (*http.Client, string, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Timeout: healthTimeout, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
		return client, "http://localhost/readyz", nil
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, "", fmt.Errorf("%q is neither http://…, https://… nor unix:/path", address)
	}
	if u.Path == "" {
		u.Path = "/readyz"
	}
	return client, u.String(), nil
}

// awaitHealth asks until the answer is good, wait is over or ctx ends, and at
// least once.
func awaitHealth(ctx context.Context, client *http.Client, target string, wait time.Duration) error {
	end := time.Now().Add(wait)
	for {
		err := askHealth(ctx, client, target)
		if err == nil {
			return nil
		}
		if left := time.Until(end); left <= 0 {
			return notReadyError{err}
		}
		select {
		case <-ctx.Done():
			return notReadyError{errors.Join(err, ctx.Err())}
		case <-time.After(healthInterval):
		}
	}
}

func askHealth(ctx context.Context, client *http.Client, target string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 399 {
		return fmt.Errorf("%s answers %s", target, res.Status)
	}
	return nil
}
