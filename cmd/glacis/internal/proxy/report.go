package proxy

import (
	"log/slog"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// windowBytes is how much of the text that decided a verdict is logged at most.
const windowBytes = 160

// pathBytes is how much of a path is logged at most.
const pathBytes = 512

// record writes one record about a request. Never in it: query strings, header
// values and bodies other than the verdict's window, and that not when it comes
// from a place where secrets live.
func (x *exchange) record(action gateway.Action, status int, res result) {
	log, r := x.p.cfg.Log, x.in
	level := slog.LevelDebug
	switch {
	case action != gateway.ActionPass:
		level = slog.LevelWarn
	case res.Confidence > core.ConfidenceNone || res.Uninspected > 0:
		level = slog.LevelInfo
	}
	level, wanted := x.active.logLevel(level, action)
	if !wanted || !log.Enabled(r.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request_id", x.id), slog.String("client", x.source), slog.String("method", clip(r.Method, 32)),
		slog.String("host", clip(r.Host, 256)), slog.String("path", clip(r.URL.EscapedPath(), pathBytes)),
		slog.String("proto", r.Proto), slog.String("mode", string(x.p.cfg.Mode)), slog.String("action", string(action)), slog.Int("status", status),
		slog.String("confidence", res.Confidence.Name()), slog.Int("score", res.Score),
	}
	if res.Confidence > core.ConfidenceNone {
		attrs = append(attrs, slog.String("family", res.Family.Name()),
			slog.String("location", clip(res.Location, 256)), slog.String("window", clip(gateway.Redact(res.Location, res.Window), windowBytes)))
	}
	attrs = append(attrs, slog.Int64("body_bytes", res.fed), slog.Int64("uninspected_bytes", res.Uninspected))
	if limits := limitAttrs(res.Limits); len(limits) > 0 {
		attrs = append(attrs, slog.GroupAttrs("limits", limits...))
	}
	if res.failure != "" {
		attrs = append(attrs, slog.String("failure", res.failure))
	}
	attrs = append(attrs, ruledAttrs(&res.Verdict, x.limit)...)
	attrs = append(attrs, slog.String("model", res.Model),
		slog.Float64("inspection_us", float64(res.spent.Nanoseconds())/1e3), slog.Float64("duration_ms", float64(time.Since(x.started).Microseconds())/1e3))
	log.LogAttrs(r.Context(), level, "request", attrs...)
}

func limitAttrs(limits [core.LimitKinds]uint32) []slog.Attr {
	var attrs []slog.Attr
	for k, n := range limits {
		if n > 0 {
			attrs = append(attrs, slog.Uint64(core.LimitKind(k).Name(), uint64(n)))
		}
	}
	return attrs
}

// clip cuts s to at most n bytes of valid UTF-8; what is not becomes "?".
func clip(s string, n int) string { return strings.ToValidUTF8(gateway.Clip(s, n), "?") }
