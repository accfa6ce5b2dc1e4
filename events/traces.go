package events

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Traces exports a span for a sample of the inspections, by OTLP/HTTP. Nothing
// waits for it: the SDK's queue holds 2,048 spans and drops what comes beyond.
// A nil Traces does nothing. It is safe for concurrent use.
type Traces struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	sample   float64
}

// Span is one piece of work that is over.
type Span struct {
	// Name is the kind of work, "glacis.inspect".
	Name string
	// Parent is the request's traceparent header (W3C Trace Context), "" for
	// none. It gives the span its trace and decides nothing else: whether a span
	// is exported must not be the client's choice.
	Parent string
	// Begin and End are its times.
	Begin, End time.Time
	// Texts and Numbers are its attributes; a text that is "" is left out.
	Texts   map[string]string
	Numbers map[string]int64
	// Fault is why the work failed, "" if it did not.
	Fault string
}

// OpenTraces makes Traces that export to "otlp+http://host:4318" or
// "otlp+https://…", with the options of that sink, a share of the inspections
// above 0 to 1.
func OpenTraces(address string, sample float64, env Environment) (*Traces, error) {
	if !(sample > 0 && sample <= 1) {
		return nil, fmt.Errorf("share of inspections %v: want more than 0, at most 1", sample)
	}
	before, fragment, _ := strings.Cut(address, "#")
	u, err := url.Parse(before)
	if err != nil || u.Scheme != "otlp+http" && u.Scheme != "otlp+https" || u.Hostname() == "" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("want otlp+http://host:port[/path] or otlp+https://…")
	}
	o, err := newOptions(fragment)
	if err != nil {
		return nil, err
	}
	u.Scheme = strings.TrimPrefix(u.Scheme, "otlp+")
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces"
	}
	with := []otlptracehttp.Option{otlptracehttp.WithEndpointURL(u.String()), otlptracehttp.WithTimeout(ioTimeout), otlptracehttp.WithHTTPClient(newHTTPClient(newTransport(o)))}
	if token := o.secret("token-file", 1); token != nil {
		with = append(with, otlptracehttp.WithHeaders(map[string]string{"Authorization": "Bearer " + string(token)}))
	}
	if err := o.done(); err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(context.Background(), with...)
	if err != nil {
		return nil, bare(err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "glacis"), attribute.String("service.version", env.Version))
	t := &Traces{sample: sample, provider: sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about), sdktrace.WithSampler(sdktrace.AlwaysSample()))}
	t.tracer = t.provider.Tracer("github.com/glacis-waf/glacis/events")
	return t, nil
}

// Sampled says whether a span is to be made for the next inspection.
func (t *Traces) Sampled() bool { return t != nil && (t.sample >= 1 || rand.Float64() < t.sample) }

// Record exports a span.
func (t *Traces) Record(s *Span) {
	ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": s.Parent})
	_, span := t.tracer.Start(ctx, s.Name, trace.WithTimestamp(s.Begin), trace.WithSpanKind(trace.SpanKindInternal))
	for name, text := range s.Texts {
		if text != "" {
			span.SetAttributes(attribute.String(name, text))
		}
	}
	for name, n := range s.Numbers {
		span.SetAttributes(attribute.Int64(name, n))
	}
	if s.Fault != "" {
		span.SetStatus(codes.Error, s.Fault)
	}
	span.End(trace.WithTimestamp(s.End))
}

// Close exports what waits, for at most 5 s.
func (t *Traces) Close() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return t.provider.Shutdown(ctx)
}
