package sidecar

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/internal/certtest"
	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

const token = "a token of some length"

// start runs a server until the test ends.
func start(t *testing.T, cfg Config) []string {
	t.Helper()
	addresses, err := try(t, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return addresses
}

// try runs a server until the test ends, or says why it does not start.
func try(t *testing.T, cfg Config) ([]string, error) {
	t.Helper()
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	cfg.Service, err = inspection.New(inspection.Config{Engine: engine, Settings: gateway.Settings{}, Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan []string, 1)
	cfg.Started = func(a []string) { started <- a }
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	select {
	case a := <-started:
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil {
				t.Errorf("orderly end: %v", err)
			}
		})
		return a, nil
	case err := <-done:
		stop()
		return nil, err
	}
}

func get(t *testing.T, client *http.Client, url, auth string) (int, error) {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	res.Body.Close()
	client.CloseIdleConnections()
	return res.StatusCode, nil
}

func TestListenersBeyondLoopback(t *testing.T) {
	authority := certtest.New(t)
	cert, key := authority.Issue("sidecar")
	for want, cfg := range map[string]Config{
		"only with TLS":                    {HTTP: []string{"0.0.0.0:0"}, Token: token},
		"only with TLS (certificate":       {GRPC: []string{":0"}, Token: token},
		"token or client certificates":     {HTTP: []string{"0.0.0.0:0"}, TLSCert: cert, TLSKey: key},
		"want host:port or unix:/path":     {HTTP: []string{"127.0.0.1"}},
		"no address":                       {HTTP: []string{""}},
		"certificate and key":              {HTTP: []string{"127.0.0.1:0"}, TLSCert: cert},
		"need a certificate and key":       {HTTP: []string{"127.0.0.1:0"}, ClientCA: cert},
		"certificate: open":                {HTTP: []string{"127.0.0.1:0"}, TLSCert: "/nowhere", TLSKey: "/nowhere"},
		"no certificate in it":             {HTTP: []string{"127.0.0.1:0"}, TLSCert: cert, TLSKey: key, ClientCA: key},
		"client authority: open":           {HTTP: []string{"127.0.0.1:0"}, TLSCert: cert, TLSKey: key, ClientCA: "/nowhere"},
		"listen: listen unix /nowhere/a.s": {HTTP: []string{"unix:/nowhere/a.sock"}},
	} {
		if _, err := try(t, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := try(t, Config{HTTP: []string{"0.0.0.0:0"}, TLSCert: cert, TLSKey: key, Token: token}); err != nil {
		t.Error(err)
	}
}

func TestTokenAndTLS(t *testing.T) {
	authority := certtest.New(t)
	cert, key := authority.Issue("sidecar")
	a := start(t, Config{HTTP: []string{"127.0.0.1:0"}, GRPC: []string{"127.0.0.1:0"}, TLSCert: cert, TLSKey: key, Token: token})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: authority.Client(false)}}
	for auth, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer " + token: 200} {
		if got, err := get(t, client, "https://"+a[0]+"/metrics", auth); err != nil || got != want {
			t.Errorf("%q: %d %v", auth, got, err)
		}
	}
	if got, err := get(t, http.DefaultClient, "http://"+a[0]+"/healthz", ""); err == nil && got == 200 {
		t.Error("plain text is served")
	}
	conn, err := grpc.NewClient(a[1], grpc.WithTransportCredentials(credentials.NewTLS(authority.Client(false))))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for auth, want := range map[string]codes.Code{"": codes.Unauthenticated, "Bearer wrong": codes.Unauthenticated, "Bearer " + token: codes.InvalidArgument} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", auth)
		if _, err := authv3.NewAuthorizationClient(conn).Check(ctx, &authv3.CheckRequest{}); status.Code(err) != want {
			t.Errorf("%q: %v, want %v", auth, err, want)
		}
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), api.TokenHeader, token)
	if _, err := authv3.NewAuthorizationClient(conn).Check(ctx, &authv3.CheckRequest{}); status.Code(err) != codes.InvalidArgument {
		t.Error(err)
	}
	if h, err := healthpb.NewHealthClient(conn).Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil || h.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		t.Error(h, err)
	}
}

func TestClientCertificates(t *testing.T) {
	authority := certtest.New(t)
	cert, key := authority.Issue("sidecar")
	a := start(t, Config{HTTP: []string{"127.0.0.1:0"}, TLSCert: cert, TLSKey: key, ClientCA: authority.File})
	for known, want := range map[bool]int{true: 200, false: 0} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: authority.Client(known)}}
		if got, err := get(t, client, "https://"+a[0]+"/healthz", ""); got != want {
			t.Errorf("known %v: %d %v", known, got, err)
		}
	}
}

func TestUnixSockets(t *testing.T) {
	dir, err := os.MkdirTemp("", "glacis") // a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	web, calls := filepath.Join(dir, "http.sock"), filepath.Join(dir, "grpc.sock")
	dead, err := net.Listen("unix", web)
	if err != nil {
		t.Fatal(err)
	}
	if l, ok := dead.(*net.UnixListener); ok {
		l.SetUnlinkOnClose(false) // as a killed process leaves it
	}
	dead.Close()
	start(t, Config{HTTP: []string{"unix:" + web}, GRPC: []string{"unix:" + calls}})
	if info, err := os.Stat(web); err != nil || info.Mode().Perm() != 0o660 {
		t.Error(info, err)
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", web)
	}}}
	if got, err := get(t, client, "http://sidecar/readyz", ""); err != nil || got != 200 {
		t.Error(got, err)
	}
	conn, err := grpc.NewClient("unix:"+calls, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := healthpb.NewHealthClient(conn).Check(t.Context(), &healthpb.HealthCheckRequest{Service: "envoy.service.ext_proc.v3.ExternalProcessor"}); err != nil {
		t.Error(err)
	}
	if _, err := try(t, Config{HTTP: []string{"unix:" + web}}); err == nil || !strings.Contains(err.Error(), "something else does already") {
		t.Error(err)
	}
	if _, err := os.Stat(web); err != nil {
		t.Errorf("the socket of the living is gone: %v", err)
	}
}

func TestRoutesOfOthers(t *testing.T) {
	a := start(t, Config{HTTP: []string{"127.0.0.1:0"}, Routes: []api.Route{{Pattern: "GET /v1/extra",
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })}}})
	if got, err := get(t, http.DefaultClient, "http://"+a[0]+"/v1/extra", ""); got != http.StatusTeapot {
		t.Error(got, err)
	}
}

func TestReadToken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	for text, want := range map[string]string{token + "\n": token, "short\n": "", "": ""} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadToken(file); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
	if _, err := ReadToken("/nowhere"); err == nil {
		t.Error("no file, no error")
	}
}
