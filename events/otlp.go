package events

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/log"
	sdk "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
)

// What the OpenTelemetry data model calls the kind of a record.
const (
	eventName  = "glacis.verdict"
	noticeName = "glacis.notice"
)

// otlpSink exports records by OTLP/HTTP (protobuf). Queue and retries are ours,
// because the SDK's batch processor does not tell what it drops.
type otlpSink struct {
	exporter sdk.Exporter
	provider *sdk.LoggerProvider
	logger   log.Logger
	made     *collector
}

// newOTLP makes the sink; the options say where to.
func newOTLP(env Environment, options ...otlploghttp.Option) (*otlpSink, error) {
	options = append(options, otlploghttp.WithRetry(otlploghttp.RetryConfig{Enabled: false}), otlploghttp.WithTimeout(ioTimeout))
	exporter, err := otlploghttp.New(context.Background(), options...)
	if err != nil {
		return nil, err
	}
	s := &otlpSink{exporter: exporter, made: &collector{}}
	about := resource.NewSchemaless(attribute.String("service.name", "glacis"), attribute.String("service.version", env.Version))
	s.provider = sdk.NewLoggerProvider(sdk.WithResource(about), sdk.WithProcessor(s.made), sdk.WithAttributeValueLengthLimit(LineBytes))
	s.logger = s.provider.Logger("github.com/glacis-waf/glacis/events")
	return s, nil
}

// collector is the processor that keeps the SDK's records for the export.
type collector struct{ records []sdk.Record }

// Enabled implements sdk.Processor.
func (*collector) Enabled(context.Context, sdk.EnabledParameters) bool { return true }

// OnEmit implements sdk.Processor.
func (c *collector) OnEmit(_ context.Context, r *sdk.Record) error {
	c.records = append(c.records, r.Clone())
	return nil
}

// ForceFlush implements sdk.Processor.
func (*collector) ForceFlush(context.Context) error { return nil }

// Shutdown implements sdk.Processor.
func (*collector) Shutdown(context.Context) error { return nil }

func (*otlpSink) batch() (int, time.Duration) { return 512, time.Second }

// Write implements Sink: all of the batch arrives or nothing does, but for
// lines that are no events.
func (s *otlpSink) Write(ctx context.Context, batch []Record) (int, error) {
	s.made.records = s.made.records[:0]
	for i, r := range batch {
		record, err := otlpRecord(r)
		if err != nil {
			if i > 0 {
				// First what stands before it; then it comes again.
				return s.export(ctx, i)
			}
			return 0, Permanent(err, 1)
		}
		s.logger.Emit(ctx, record)
	}
	return s.export(ctx, len(batch))
}

func (s *otlpSink) export(ctx context.Context, records int) (int, error) {
	defer func() { clear(s.made.records) }()
	if err := s.exporter.Export(ctx, s.made.records); err != nil {
		return 0, bare(err)
	}
	return records, nil
}

// otlpRecord maps an event to the log data model: the members are attributes of
// the same name, the body is for people.
func otlpRecord(r Record) (log.Record, error) {
	var out log.Record
	m, err := r.Members()
	if err != nil {
		return out, err
	}
	weight := severityOf(m)
	out.SetEventName(eventName)
	if m.Text("event.action") == ActionNotice {
		out.SetEventName(noticeName)
	}
	out.SetTimestamp(m.Time())
	out.SetObservedTimestamp(time.Now())
	out.SetSeverity(log.Severity(weight.otlp))
	out.SetSeverityText(weight.text)
	out.SetBody(attribute.StringValue(m.Summary()))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name != "@timestamp" {
			out.AddAttributes(attribute.KeyValue{Key: attribute.Key(name), Value: otlpValue(m[name])})
		}
	}
	return out, nil
}

// otlpValue maps a JSON value.
func otlpValue(v any) attribute.Value {
	switch v := v.(type) {
	case string:
		return attribute.StringValue(v)
	case bool:
		return attribute.BoolValue(v)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return attribute.Int64Value(n)
		}
		f, _ := v.Float64() // a JSON number beyond its range is infinite
		return attribute.Float64Value(f)
	case []any:
		list := make([]attribute.Value, len(v))
		for i := range v {
			list[i] = otlpValue(v[i])
		}
		return attribute.SliceValue(list...)
	case map[string]any:
		var pairs []attribute.KeyValue
		for _, key := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, attribute.KeyValue{Key: attribute.Key(key), Value: otlpValue(v[key])})
		}
		return attribute.MapValue(pairs...)
	}
	return attribute.Value{}
}

// Close implements Sink.
func (s *otlpSink) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), ioTimeout)
	defer cancel()
	if err := s.provider.Shutdown(ctx); err != nil {
		return err
	}
	return s.exporter.Shutdown(ctx)
}
