package envoy

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	filterv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_proc/v3"
	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

const sqli = "1'+union+select+name,password+from+users--+-"

// newService makes a service with the real engine. The function it returns
// waits for the one event that there is to be and returns it, nil if none came.
func newService(t *testing.T, s gateway.Settings) (*inspection.Service, func() map[string]any) {
	t.Helper()
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	service, err := inspection.New(inspection.Config{Engine: engine, Settings: s, Events: &log, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	closed := sync.OnceFunc(service.Close)
	t.Cleanup(closed)
	return service, func() map[string]any {
		closed()
		if log.Len() == 0 {
			return nil
		}
		var e map[string]any
		if err := json.Unmarshal(log.Bytes(), &e); err != nil {
			t.Fatalf("%v: %s", err, log.Bytes())
		}
		return e
	}
}

func headerMap(pairs ...string) *corev3.HeaderMap {
	m := &corev3.HeaderMap{}
	for i := 0; i < len(pairs); i += 2 {
		m.Headers = append(m.Headers, &corev3.HeaderValue{Key: pairs[i], RawValue: []byte(pairs[i+1])})
	}
	return m
}

// dialogue is the Envoy side of one ext_proc stream.
type dialogue struct {
	*testing.T
	procv3.ExternalProcessor_ProcessClient
	event func() map[string]any
	stop  func()
}

// talk starts a server and opens a stream to it.
func talk(t *testing.T, s gateway.Settings, idle time.Duration) *dialogue {
	t.Helper()
	s.Log = gateway.LogAll
	service, events := newService(t, s)
	server := grpc.NewServer()
	procv3.RegisterExternalProcessorServer(server, NewProcessor(service, idle))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() { conn.Close(); server.GracefulStop() })
	t.Cleanup(stop)
	stream, err := procv3.NewExternalProcessorClient(conn).Process(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &dialogue{T: t, ExternalProcessor_ProcessClient: stream, stop: stop, event: func() map[string]any { stop(); return events() }}
}

// headers sends the request's headers with the body's mode.
func (d *dialogue) headers(mode filterv3.ProcessingMode_BodySendMode, end bool, pairs ...string) {
	d.say(&procv3.ProcessingRequest{ProtocolConfig: &procv3.ProtocolConfiguration{RequestBodyMode: mode},
		Request: &procv3.ProcessingRequest_RequestHeaders{RequestHeaders: &procv3.HttpHeaders{EndOfStream: end,
			Headers: headerMap(append([]string{":method", "POST", ":path", "/", ":authority", "shop.test"}, pairs...)...)}}})
}

func (d *dialogue) body(text string, end bool) {
	d.say(&procv3.ProcessingRequest{Request: &procv3.ProcessingRequest_RequestBody{RequestBody: &procv3.HttpBody{Body: []byte(text), EndOfStream: end}}})
}

func (d *dialogue) trailers(pairs ...string) {
	d.say(&procv3.ProcessingRequest{Request: &procv3.ProcessingRequest_RequestTrailers{RequestTrailers: &procv3.HttpTrailers{Trailers: headerMap(pairs...)}}})
}

func (d *dialogue) say(r *procv3.ProcessingRequest) {
	d.Helper()
	if err := d.Send(r); err != nil {
		d.Fatal(err)
	}
}

// hear receives one answer.
func (d *dialogue) hear() *procv3.ProcessingResponse {
	d.Helper()
	r, err := d.Recv()
	if err != nil {
		d.Fatal(err)
	}
	return r
}

// ends checks that the server has ended the stream in order.
func (d *dialogue) ends() {
	d.Helper()
	if r, err := d.Recv(); err != io.EOF {
		d.Fatalf("%v, %v", r, err)
	}
}

// passed collects the body that is sent back, up to its end or the trailers.
func (d *dialogue) passed() (body string, end bool) {
	d.Helper()
	for {
		r := d.hear()
		if r.GetRequestTrailers() != nil {
			return body, false
		}
		s := r.GetRequestBody().GetResponse().GetBodyMutation().GetStreamedResponse()
		if s == nil {
			d.Fatalf("answer %v", r)
		}
		body += string(s.GetBody())
		if s.GetEndOfStream() {
			return body, true
		}
	}
}
