package proxy

import (
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/gateway"
)

// observerName is the proxy in events.
const observerName = "glacis/proxy"

// pathBytes is how much of a path is logged at most.
const pathBytes = 512

// report counts the request, writes its event and, for whoever looks closely, a
// record of how it went; only the first call does.
func (x *exchange) report(status int) {
	x.once.Do(func() {
		res, cfg := x.inspection.result(), &x.p.cfg
		gateway.Exceed(&res.Verdict, x.over)
		action := x.outcome(status, &res)
		cfg.Metrics.observe(x, action, &res)
		if res.panic != nil {
			cfg.Log.LogAttrs(x.in.Context(), slog.LevelError, "inspection panicked",
				slog.String("request_id", x.id), slog.Any("panic", res.panic))
		}
		x.diagnose(action, status, &res)
		x.emit(action, &res)
	})
}

// outcome names what was done with the request.
func (x *exchange) outcome(status int, res *result) gateway.Action {
	if x.action != "" {
		return x.action
	}
	action := x.p.cfg.decide(*res)
	list, _, _ := x.found()
	switch {
	case action == gateway.ActionBlock && status != http.StatusForbidden:
		return x.lateAction()
	case action == gateway.ActionPass && len(list) > 0:
		return gateway.ActionDetect
	}
	return action
}

// emit hands the event to the sinks and, if it is worth a look, to the sidecar.
func (x *exchange) emit(action gateway.Action, res *result) {
	cfg := &x.p.cfg
	list, notes, withheld := x.found()
	res.Violations = slices.Concat(res.Violations, list, notes)
	if withheld != "" {
		res.Reason = withheld
	}
	wanted := cfg.Events != nil && gateway.Reports(x.active.reports(cfg.Report), action, &res.Verdict)
	shared := cfg.Learning.wants(action, res)
	if !wanted && !shared {
		return
	}
	e := gateway.Event{Time: time.Now().UTC().Format(events.TimeFormat), ID: x.id, Gateway: observerName, Source: addressOf(x.source),
		Method: x.in.Method, Host: x.in.Host, Path: x.in.URL.EscapedPath(), Action: action, Fault: res.fault, Verdict: res.Verdict}
	line := e.Append(make([]byte, 0, 768))
	if wanted {
		cfg.Events.Send(line)
	}
	if shared {
		cfg.Learning.Agent.Event(line)
	}
}

// diagnose writes what is not about the verdict: how the request went through
// the proxy. Never in it: query strings, header values and bodies.
func (x *exchange) diagnose(action gateway.Action, status int, res *result) {
	log, r := x.p.cfg.Log, x.in
	if !log.Enabled(r.Context(), slog.LevelDebug) {
		return
	}
	log.LogAttrs(r.Context(), slog.LevelDebug, "request",
		slog.String("request_id", x.id), slog.String("client", x.source), slog.String("method", clip(r.Method, 32)),
		slog.String("path", clip(r.URL.EscapedPath(), pathBytes)), slog.String("proto", r.Proto), slog.String("mode", string(x.p.cfg.Mode)),
		slog.String("action", string(action)), slog.Int("status", status), slog.Int64("body_bytes", res.fed),
		slog.Float64("inspection_us", float64(res.stages.Total().Nanoseconds())/1e3), slog.Float64("duration_ms", float64(time.Since(x.started).Microseconds())/1e3))
}

// reports is what is reported: the policy's word, or else the setting's.
func (a *Active) reports(setting string) string {
	if a == nil || a.level == "" {
		return setting
	}
	return a.level
}

// addressOf is an address without the port.
func addressOf(source string) string {
	if host, _, err := net.SplitHostPort(source); err == nil {
		return host
	}
	return source
}

// clip cuts s to at most n bytes of valid UTF-8; what is not becomes "?".
func clip(s string, n int) string { return strings.ToValidUTF8(gateway.Clip(s, n), "?") }
