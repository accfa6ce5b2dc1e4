package envoy

import (
	"io"
	"strings"
	"testing"
	"time"

	filterv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_proc/v3"
	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	structpb "google.golang.org/protobuf/types/known/structpb"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/gateway"
)

const (
	none     = filterv3.ProcessingMode_NONE
	buffered = filterv3.ProcessingMode_BUFFERED
	partial  = filterv3.ProcessingMode_BUFFERED_PARTIAL
	pieces   = filterv3.ProcessingMode_STREAMED
	duplex   = filterv3.ProcessingMode_FULL_DUPLEX_STREAMED
	attack   = "q=1' union select name, password from users-- -"
)

func (d *dialogue) wantAction(a gateway.Action) map[string]any {
	d.Helper()
	e := d.event()
	if e["event.action"] != string(a) {
		d.Errorf("event %v, want %s", e, a)
	}
	return e
}

func (d *dialogue) wantRefusal() {
	d.Helper()
	r := d.hear().GetImmediateResponse()
	if r.GetStatus().GetCode() != 403 || !strings.Contains(string(r.GetBody()), `"request_id"`) || len(r.GetHeaders().GetSetHeaders()) < 5 {
		d.Fatalf("no refusal: %v", r)
	}
	d.ends()
}

func TestHeadersOnly(t *testing.T) {
	for _, mode := range []filterv3.ProcessingMode_BodySendMode{none, buffered, pieces, duplex} {
		d := talk(t, gateway.Settings{}, time.Minute)
		d.headers(mode, true, "x-request-id", "client-id-1")
		if h := d.hear().GetRequestHeaders(); h == nil || h.GetResponse().GetHeaderMutation() != nil {
			t.Errorf("%v: %v", mode, h)
		}
		d.ends()
		if e := d.wantAction(gateway.ActionPass); e["event.id"] != "client-id-1" || e["url.domain"] != "shop.test" {
			t.Error(e)
		}
		d = talk(t, gateway.Settings{}, time.Minute)
		d.headers(mode, false, "x-search", attack)
		d.wantRefusal()
		d.wantAction(gateway.ActionBlock)
	}
}

// In a mode that does not send the body it counts as uninspected.
func TestBodyIsNotSent(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(none, false, "content-length", "77")
	d.hear()
	d.ends()
	if e := d.wantAction(gateway.ActionPass); e["glacis.uninspected_bytes"] != 77.0 {
		t.Error(e)
	}
}

func TestBuffered(t *testing.T) {
	for body, refused := range map[string]bool{"q=lamp": false, attack: true} {
		for _, end := range []bool{true, false} { // false when trailers follow
			d := talk(t, gateway.Settings{}, time.Minute)
			d.headers(buffered, false)
			d.hear()
			d.body(body, end)
			if refused {
				d.wantRefusal()
				d.wantAction(gateway.ActionBlock)
				continue
			}
			if d.hear().GetRequestBody() == nil {
				t.Error("no answer to the body")
			}
			if !end {
				d.trailers("x-t", "harmless")
				if d.hear().GetRequestTrailers() == nil {
					t.Error("no answer to the trailers")
				}
			}
			d.ends()
			d.wantAction(gateway.ActionPass)
		}
	}
}

func TestBufferedPartial(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(partial, false, "content-length", "100")
	d.hear()
	d.body("q=lamp", false)
	d.hear()
	if err := d.CloseSend(); err != nil {
		t.Fatal(err)
	}
	d.ends()
	if e := d.wantAction(gateway.ActionPass); e["glacis.uninspected_bytes"] != 94.0 {
		t.Error(e)
	}
}

func TestPieces(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(pieces, false)
	d.hear()
	d.body(attack[:20], false)
	if d.hear().GetRequestBody() == nil {
		t.Error("no answer to the first piece")
	}
	d.body(attack[20:], true)
	d.wantRefusal()
	d.wantAction(gateway.ActionBlock)
}

// Nothing is passed on before it was judged, and all of it afterwards.
func TestDuplex(t *testing.T) {
	long := strings.Repeat("all work and no play ", 5000) // 105 kB
	for name, body := range map[string]string{"short": "q=lamp", "empty": "", "a block": long[:blockBytes], "long": long} {
		t.Run(name, func(t *testing.T) {
			d := talk(t, gateway.Settings{}, time.Minute)
			d.headers(duplex, false)
			go func() {
				for i := 0; i < len(body); i += 10_000 {
					d.body(body[i:min(i+10_000, len(body))], false)
				}
				d.body("", true)
			}()
			if d.hear().GetRequestHeaders() == nil {
				t.Error("the headers do not come first")
			}
			if got, end := d.passed(); got != body || !end {
				t.Errorf("%d bytes of %d, end %v", len(got), len(body), end)
			}
			d.ends()
			d.wantAction(gateway.ActionPass)
		})
	}
}

func TestDuplexRefusal(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(duplex, false)
	d.body(attack, false)
	d.body("", true)
	d.wantRefusal() // and nothing else before
	d.wantAction(gateway.ActionBlock)
}

// An attack in the third block: the first two have gone, it has not.
func TestDuplexRefusalInTheMiddle(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(duplex, false)
	first := strings.Repeat("lorem ", blockBytes)[:2*blockBytes]
	d.body(first+"\n\n", false)
	d.hear()
	if got := d.hear().GetRequestBody().GetResponse().GetBodyMutation().GetStreamedResponse().GetBody(); string(got) != first {
		t.Errorf("%d bytes passed on, want %d", len(got), len(first))
	}
	d.body(attack, true)
	d.wantRefusal()
	d.wantAction(gateway.ActionBlock)
}

func TestDuplexTrailers(t *testing.T) {
	for value, refused := range map[string]bool{"harmless": false, "<script>alert(document.cookie)</script>": true} {
		d := talk(t, gateway.Settings{}, time.Minute)
		d.headers(duplex, false)
		d.body("q=lamp", false)
		d.trailers("x-t", value)
		if refused {
			d.wantRefusal()
			d.wantAction(gateway.ActionBlock)
			continue
		}
		d.hear()
		if got, end := d.passed(); got != "q=lamp" || end {
			t.Errorf("%q %v", got, end)
		}
		d.ends()
		d.wantAction(gateway.ActionPass)
	}
}

// In detect mode, and when Envoy only looks on, nothing is held or refused.
func TestDuplexDetects(t *testing.T) {
	d := talk(t, gateway.Settings{Mode: gateway.Detect}, time.Minute)
	d.headers(duplex, false)
	d.hear() // at once
	d.body(attack, false)
	if got := d.hear().GetRequestBody().GetResponse().GetBodyMutation().GetStreamedResponse().GetBody(); string(got) != attack {
		t.Errorf("%q", got)
	}
	d.body("", true)
	d.passed()
	d.wantAction(gateway.ActionDetect)
}

func TestObservability(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.say(&procv3.ProcessingRequest{ObservabilityMode: true, ProtocolConfig: &procv3.ProtocolConfiguration{RequestBodyMode: pieces},
		Attributes: map[string]*structpb.Struct{"envoy.filters.http.ext_proc": {Fields: map[string]*structpb.Value{"source.address": structpb.NewStringValue("192.0.2.1:4711")}}},
		Request:    &procv3.ProcessingRequest_RequestHeaders{RequestHeaders: &procv3.HttpHeaders{Headers: headerMap(":method", "POST", ":path", "/")}}})
	d.body(attack, true)
	d.ends() // without any answer
	if e := d.wantAction(gateway.ActionDetect); e["source.ip"] != "192.0.2.1" {
		t.Error(e)
	}
}

// A gRPC client may wait for an answer before it goes on.
func TestStreamsAreHeldForAMoment(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(duplex, false, "content-type", "application/grpc")
	d.hear() // although no body has come
	d.body("hello", false)
	if got := d.hear().GetRequestBody().GetResponse().GetBodyMutation().GetStreamedResponse().GetBody(); string(got) != "hello" {
		t.Errorf("%q", got)
	}
}

// An upgrade is let go after its headers; the header beside a body is no way
// around the inspection.
func TestUpgrade(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(duplex, false, "upgrade", "websocket", "connection", "upgrade")
	d.hear()
	d.body(attack, true) // frames of the other protocol
	d.passed()
	d.ends()
	d.wantAction(gateway.ActionPass)
	d = talk(t, gateway.Settings{}, time.Minute)
	d.headers(duplex, false, "upgrade", "websocket", "content-length", "47")
	d.body(attack, true)
	d.wantRefusal()
}

func TestClientLeaves(t *testing.T) {
	d := talk(t, gateway.Settings{}, time.Minute)
	d.headers(duplex, false)
	d.body("half", false)
	if err := d.CloseSend(); err != nil {
		t.Fatal(err)
	}
	d.ends()
	if e := d.wantAction(gateway.ActionFailOpen); e["glacis.fault"] != "body" {
		t.Error(e)
	}
}

func TestIdleStreamEnds(t *testing.T) {
	d := talk(t, gateway.Settings{}, 20*time.Millisecond)
	d.headers(duplex, false)
	if _, err := d.Recv(); status.Code(err) != codes.DeadlineExceeded {
		t.Error(err)
	}
}

func TestOutOfOrder(t *testing.T) {
	for name, say := range map[string]func(*dialogue){
		"body first":     func(d *dialogue) { d.body("x", true) },
		"trailers first": func(d *dialogue) { d.trailers("a", "b") },
		"headers twice":  func(d *dialogue) { d.headers(duplex, false); d.headers(duplex, false) },
	} {
		d := talk(t, gateway.Settings{}, time.Minute)
		say(d)
		if _, err := d.Recv(); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Responses are not inspected, but a configuration may send them.
func TestResponsesPass(t *testing.T) {
	d := talk(t, gateway.Settings{Mode: gateway.Off}, time.Minute)
	d.say(&procv3.ProcessingRequest{ProtocolConfig: &procv3.ProtocolConfiguration{ResponseBodyMode: duplex},
		Request: &procv3.ProcessingRequest_ResponseHeaders{ResponseHeaders: &procv3.HttpHeaders{}}})
	if d.hear().GetResponseHeaders() == nil {
		t.Error("headers")
	}
	d.say(&procv3.ProcessingRequest{Request: &procv3.ProcessingRequest_ResponseBody{ResponseBody: &procv3.HttpBody{Body: []byte("x"), EndOfStream: true}}})
	if s := d.hear().GetResponseBody().GetResponse().GetBodyMutation().GetStreamedResponse(); string(s.GetBody()) != "x" || !s.GetEndOfStream() {
		t.Error(s)
	}
	d.say(&procv3.ProcessingRequest{Request: &procv3.ProcessingRequest_ResponseTrailers{ResponseTrailers: &procv3.HttpTrailers{}}})
	if d.hear().GetResponseTrailers() == nil {
		t.Error("trailers")
	}
}

func TestOffPassesEverything(t *testing.T) {
	d := talk(t, gateway.Settings{Mode: gateway.Off}, time.Minute)
	d.headers(buffered, false, "x-search", attack)
	if d.hear().GetRequestHeaders() == nil {
		t.Error("no answer")
	}
	if _, err := d.Recv(); err != io.EOF {
		t.Error(err)
	}
	if e := d.event(); e != nil {
		t.Error(e)
	}
}

// Envoy loses what it has sent in a full-duplex stream and not got back.
func TestOffSendsDuplexBodiesBack(t *testing.T) {
	d := talk(t, gateway.Settings{Mode: gateway.Off}, time.Minute)
	d.headers(duplex, false)
	d.hear()
	d.body("one ", false)
	d.body("two", false)
	d.trailers("a", "b")
	if got, end := d.passed(); got != "one two" || end {
		t.Errorf("%q %v", got, end)
	}
	d.ends()
}
