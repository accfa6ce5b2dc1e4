package sidecar

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/envoy"
)

// rpc is the gRPC side of a Server: Envoy's two questions and the standard
// health check.
type rpc struct {
	*grpc.Server
	health *health.Server
}

// messageMargin is what a message may have beside the body in it.
const messageMargin = 1 << 20

func (c *Config) newRPC() *rpc {
	g := guard{log: c.Log, token: sha256.Sum256([]byte(c.Token)), guarded: c.Token != ""}
	s := grpc.NewServer(
		grpc.MaxRecvMsgSize(int(c.Service.Settings().MaxBodyBytes)+messageMargin),
		grpc.MaxConcurrentStreams(c.MaxStreams),
		grpc.MaxHeaderListSize(64<<10),
		grpc.ConnectionTimeout(5*time.Second),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
		grpc.UnaryInterceptor(g.unary),
		grpc.StreamInterceptor(g.stream),
	)
	r := &rpc{Server: s, health: health.NewServer()}
	authv3.RegisterAuthorizationServer(s, envoy.NewAuthz(c.Service))
	procv3.RegisterExternalProcessorServer(s, envoy.NewProcessor(c.Service, c.StreamIdle))
	healthpb.RegisterHealthServer(s, r.health)
	for _, name := range []string{"", authv3.Authorization_ServiceDesc.ServiceName, procv3.ExternalProcessor_ServiceDesc.ServiceName} {
		r.health.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
	return r
}

// stop says that the server is not healthy and lets calls end until ctx does.
func (r *rpc) stop(ctx context.Context) (cut bool) {
	r.health.Shutdown()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.GracefulStop()
	}()
	select {
	case <-done:
		return false
	case <-ctx.Done():
		r.Stop()
		<-done
		return true
	}
}

// guard lets calls through that know the token and turns panics into errors,
// which Envoy treats by its failure mode.
type guard struct {
	log     *slog.Logger
	token   [sha256.Size]byte
	guarded bool
}

func (g *guard) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (res any, err error) {
	if err := g.admit(ctx, info.FullMethod); err != nil {
		return nil, err
	}
	defer g.recover(&err)
	return next(ctx, req)
}

func (g *guard) stream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	if err := g.admit(s.Context(), info.FullMethod); err != nil {
		return err
	}
	defer g.recover(&err)
	return next(srv, s)
}

// admit compares hashes, which tells nothing about the token's length either.
// Health checks need no token.
func (g *guard) admit(ctx context.Context, method string) error {
	if !g.guarded || strings.HasPrefix(method, "/grpc.health.v1.") {
		return nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	for _, value := range append(md.Get("authorization"), md.Get(api.TokenHeader)...) {
		sum := sha256.Sum256([]byte(strings.TrimPrefix(value, "Bearer ")))
		if subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1 {
			return nil
		}
	}
	return status.Error(codes.Unauthenticated, "glacis: this sidecar wants its token")
}

func (g *guard) recover(err *error) {
	if p := recover(); p != nil {
		g.log.Error("call panicked", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		*err = status.Error(codes.Internal, "glacis: internal error")
	}
}
