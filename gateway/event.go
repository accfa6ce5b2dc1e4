package gateway

import (
	"strconv"

	"github.com/glacis-waf/glacis/core"
)

// EventVersion is the version of the event schema. It rises when a member
// changes its meaning or goes, not when one is added. docs/events.md has them.
const EventVersion = 1

// How much of what a client chooses is reported at most, in bytes.
const (
	methodBytes = 32
	hostBytes   = 256
	pathBytes   = 512
)

// Event is the record of one verdict. Its JSON form is one flat object; names
// are those of the Elastic Common Schema where it has one.
type Event struct {
	// Time is when the request ended, RFC 3339 in UTC.
	Time string
	// ID is the request id that the client got too.
	ID string
	// Gateway is the wrapper and its mode: "traefik/embedded", "envoy/wasm".
	Gateway string
	// Source is the client's address without the port, Method and Path are of
	// the request line, the path without the query, Host the Host header.
	Source, Method, Host, Path string
	// Asset is the name of the asset that the policy found; "" if none.
	Asset string
	// Action is what was done; Fault why it could not be inspected.
	Action Action
	Fault  string
	// Verdict is the engine's.
	Verdict core.Verdict
	// Policy and Profile are the versions that took part; "" if none.
	Policy, Profile string
}

// Reports says whether an action with this verdict is reported at log level.
func Reports(log string, a Action, v *core.Verdict) bool {
	if log == LogAll {
		return true
	}
	if log == LogOff {
		return false
	}
	if a != ActionPass {
		return true
	}
	return log == LogFindings && v.Confidence > core.ConfidenceNone
}

// Append appends the event as one line of JSON without the line end. Bytes
// that are not UTF-8 are written as \ufffd; the window is redacted.
func (e *Event) Append(dst []byte) []byte {
	v := &e.Verdict
	dst = append(dst, `{"event.version":`...)
	dst = strconv.AppendInt(dst, EventVersion, 10)
	dst = member(dst, "@timestamp", e.Time)
	dst = member(dst, "event.id", e.ID)
	dst = member(dst, "event.action", string(e.Action))
	dst = member(dst, "observer.name", e.Gateway)
	dst = member(dst, "source.ip", e.Source)
	dst = member(dst, "http.request.method", Clip(e.Method, methodBytes))
	dst = member(dst, "url.domain", Clip(e.Host, hostBytes))
	dst = member(dst, "url.path", Clip(e.Path, pathBytes))
	dst = member(dst, "glacis.asset", first(e.Asset, v.Asset))
	dst = member(dst, "glacis.mode", v.Mode)
	dst = member(dst, "glacis.reason", v.Reason)
	dst = member(dst, "glacis.fault", e.Fault)
	dst = member(dst, "glacis.confidence", v.Confidence.Name())
	dst = count(dst, "glacis.score", int64(v.Score))
	dst = finding(dst, v)
	dst = count(dst, "glacis.uninspected_bytes", v.Uninspected)
	dst = limits(dst, v)
	dst = member(dst, "glacis.model", v.Model)
	dst = exceptions(dst, v)
	dst = member(dst, "glacis.policy", first(e.Policy, v.Policy))
	dst = member(dst, "glacis.profile", first(e.Profile, v.Profile))
	return append(dst, '}')
}

// exceptions appends the exceptions that matched, by their effect, and what
// checks beside the model object to.
func exceptions(dst []byte, v *core.Verdict) []byte {
	if len(v.Exceptions) > 0 {
		dst = append(dst, `,"glacis.exceptions":{`...)
		for i := 0; i < len(v.Exceptions); i++ {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(quote(dst, v.Exceptions[i].ID), ':')
			dst = quote(dst, v.Exceptions[i].Effect)
		}
		dst = append(dst, '}')
	}
	if len(v.Violations) > 0 {
		dst = append(dst, `,"glacis.violations":[`...)
		for i := 0; i < len(v.Violations); i++ {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = quote(dst, v.Violations[i].Protection+" "+v.Violations[i].Detail)
		}
		dst = append(dst, ']')
	}
	return dst
}
