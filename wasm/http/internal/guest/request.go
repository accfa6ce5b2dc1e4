package guest

import (
	"hash/fnv"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/http/internal/host"
)

// The causes why a request could not be inspected.
const (
	faultPanic = "panic"
	faultBody  = "body"
)

// request is one request.
type request struct {
	g       *Guest
	tx      *core.Transaction // nil before there is one
	verdict core.Verdict
	fault   string
	skipped int64 // body bytes of which the engine does not know
	toolong bool  // the body is longer than may be held

	method, target, peer, source, host string
	given, id, accept                  string
	stream                             bool
	length, read                       int64 // of the body: as declared, -1 if it is not; so far
	forwarded                          []string
}

// guard runs f and keeps its panics from the host, which would show them to the
// client.
func (r *request) guard(f func()) {
	defer func() {
		if recover() != nil {
			r.fault = faultPanic
			r.g.host.Log(host.LogError, "glacis: inspection panicked; the request is treated as failMode says")
		}
	}()
	f()
}

// head judges the request without its body and reports whether that is to be read.
func (r *request) head() bool {
	h := r.g.host
	r.method, r.target, r.peer, r.length = h.Method(), h.Target(), h.Source(), -1
	names := h.Names()
	lines := make([][]string, len(names))
	for i, name := range names {
		lines[i] = h.Values(name)
		r.note(name, lines[i])
	}
	r.identify()
	r.source = r.g.terms.Client(r.peer, r.forwarded)
	r.tx = r.g.engine.Begin()
	r.tx.Source(r.source)
	r.tx.RequestLine(r.method, r.target)
	for i, name := range names {
		for _, value := range lines[i] {
			r.tx.Header(name, value)
		}
	}
	r.verdict = r.tx.EndHeaders()
	if r.refused() || r.method == "CONNECT" {
		return false
	}
	if r.stream || r.length > r.g.held {
		// A stream may have no end before its answer begins.
		r.skipped = max(r.length, 1)
		r.fault = faultBody
		return false
	}
	return true
}

// piece judges a piece of the body. It must be written back: the host's own buffer
// loses what it did not read at once (http-wasm-host-go v0.7.0, feature
// buffer_request). So the host holds the whole body, and the upstream hears of the
// request when all of it was judged.
func (r *request) piece(piece []byte, last bool) bool {
	if r.read += int64(len(piece)); r.read > r.g.held {
		r.toolong = true
		return false
	}
	if len(piece) > 0 {
		r.verdict = r.tx.Body(piece)
		if r.refused() {
			return false
		}
	}
	r.g.host.Write(piece) // no bytes, too: the host has closed what was read
	return !last
}

// end completes the verdict.
func (r *request) end() {
	if r.fault == "" && !r.toolong {
		r.verdict = r.tx.End()
	}
	r.tx.Close()
}

// note keeps what a header says to the wrapper.
func (r *request) note(name string, values []string) {
	if len(values) == 0 {
		return
	}
	first := values[0]
	switch {
	case name == "host":
		r.host = first
	case name == "accept":
		r.accept = strings.Join(values, ",")
	case name == "content-length":
		if n, err := strconv.ParseInt(first, 10, 64); err == nil && n >= 0 {
			r.length = n
		}
	case name == "content-type":
		kind := strings.ToLower(first)
		r.stream = strings.HasPrefix(kind, "application/grpc") || strings.HasPrefix(kind, "application/connect+")
	}
	if strings.EqualFold(name, r.g.RequestIDHeader) {
		r.given = first
	}
	if strings.EqualFold(name, r.g.terms.Header()) {
		r.forwarded = values
	}
}

// identify keeps a harmless id of the client, or makes one. There are no random
// numbers to make it of: it is a hash of time and connection, which tells requests
// apart and is no secret.
func (r *request) identify() {
	r.id = r.given
	if gateway.KeepID(r.id) {
		return
	}
	sum := fnv.New128a()
	_, _ = sum.Write([]byte(strconv.FormatInt(time.Now().UnixNano(), 36) + " " + r.peer + " " + r.method + " " + r.target))
	r.id = gateway.HexID(sum.Sum(nil))
}

// refused says whether the request is to be refused by what is known so far.
func (r *request) refused() bool {
	return gateway.Decide(&r.g.Settings, &r.verdict, "").Refuses()
}

// conclude answers or passes on the request and reports it.
func (r *request) conclude() gateway.Action {
	h := r.g.host
	if r.id == "" { // a panic came before
		r.identify()
	}
	action := gateway.Decide(&r.g.Settings, &r.verdict, r.fault)
	answer := gateway.Refusal{}
	if r.toolong {
		action = gateway.ActionReject
		answer = gateway.Answer(413, r.accept, r.id)
	} else if action.Refuses() {
		answer = r.g.terms.Refuse(action, r.verdict.Asset, r.accept, r.id)
	}
	if action.Refuses() {
		lines := make([]string, 0, 2*len(answer.Headers)+2)
		for _, line := range answer.Headers {
			lines = append(lines, line.Name, line.Value)
		}
		h.Answer(answer.Status, append(lines, r.g.RequestIDHeader, r.id), answer.Body)
	} else if r.given != r.id && r.prevents() {
		h.SetHeader(r.g.RequestIDHeader, r.id)
	}
	if gateway.Reports(r.g.Log, action, &r.verdict) {
		r.report(action)
	}
	return action
}

// prevents says whether anything may be altered.
func (r *request) prevents() bool {
	return r.g.Mode == gateway.Prevent && (r.verdict.Mode == "" || r.verdict.Mode == gateway.Prevent)
}

// report writes the event to the host's log.
func (r *request) report(action gateway.Action) {
	v := r.verdict
	v.Uninspected += r.skipped
	path, _, _ := strings.Cut(r.target, "?")
	source := r.source
	if a, err := netip.ParseAddrPort(source); err == nil {
		source = a.Addr().String()
	}
	e := gateway.Event{Time: time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), ID: r.id, Gateway: Name,
		Source: source, Method: r.method, Host: r.host, Path: path, Action: action, Fault: r.fault, Verdict: v}
	r.g.host.Log(host.LogInfo, string(e.Append(nil)))
}
