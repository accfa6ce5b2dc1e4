package envoy

import (
	"context"
	"errors"
	"io"
	"time"

	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// Processor answers envoy.service.ext_proc.v3.ExternalProcessor/Process: the
// request's headers, its body in the modes BUFFERED, BUFFERED_PARTIAL,
// FULL_DUPLEX_STREAMED and STREAMED, and its trailers. It is safe for
// concurrent use.
//
// In FULL_DUPLEX_STREAMED mode nothing reaches the upstream before it was
// judged: at most one block of 32 KiB and one message are held. In STREAMED
// mode Envoy passes on what it is answered, so that a request whose body is
// sent in several pieces may have reached the upstream in part when it is
// refused.
type Processor struct {
	procv3.UnimplementedExternalProcessorServer
	service *inspection.Service
	idle    time.Duration
}

// NewProcessor makes a Processor; idle ends a stream on which nothing has
// happened for that long.
func NewProcessor(s *inspection.Service, idle time.Duration) *Processor {
	return &Processor{service: s, idle: idle}
}

// streamHold is how long the beginning of a block of a gRPC or Connect stream
// is held back, whose client may be waiting for an answer to it.
const streamHold = 100 * time.Millisecond

// errDone ends a stream in order.
var errDone = errors.New("done")

// Process implements procv3.ExternalProcessorServer. One stream is one request.
func (p *Processor) Process(srv procv3.ExternalProcessor_ProcessServer) error {
	x := &exchange{p: p, send: srv.Send}
	defer x.close()
	ctx, cancel := context.WithCancel(srv.Context())
	defer cancel()
	messages := receive(ctx, srv)
	idle := time.NewTimer(p.idle)
	defer idle.Stop()
	for {
		var err error
		select {
		case m := <-messages:
			if m.err != nil {
				return ended(m.err)
			}
			idle.Reset(p.idle)
			err = x.take(m.request)
		case <-x.expired():
			err = x.releaseAll()
		case <-ctx.Done():
			return status.FromContextError(ctx.Err()).Err()
		case <-idle.C:
			if x.passing {
				continue // another protocol's silence is none of ours
			}
			return status.Error(codes.DeadlineExceeded, "glacis: nothing has come for too long")
		}
		if err == errDone {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// ended is what a stream ends with whose other side has ended it.
func ended(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

type received struct {
	request *procv3.ProcessingRequest
	err     error
}

// receive reads on a goroutine of its own, so that timers can interrupt the
// waiting; it ends with ctx, because that of the stream ends its Recv.
func receive(ctx context.Context, srv procv3.ExternalProcessor_ProcessServer) <-chan received {
	out := make(chan received)
	go func() {
		for {
			var m received
			m.request, m.err = srv.Recv()
			select {
			case out <- m:
			case <-ctx.Done():
				return
			}
			if m.err != nil {
				return
			}
		}
	}()
	return out
}
