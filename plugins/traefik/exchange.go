package traefik

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// The causes why a request could not be inspected.
const (
	faultPanic   = "panic"
	faultSidecar = "sidecar"
	faultBody    = "body"
)

// exchange is one request on its way through the plugin. Its body is read by
// the goroutine of Traefik's transport, which may outlive ServeHTTP; so
// whatever touches the session holds the lock.
type exchange struct {
	p        *plugin
	r        *http.Request
	rules    *rules
	id       string
	mu       sync.Mutex
	session  session // nil when it has ended or failed
	engine   string
	verdict  core.Verdict
	fault    string
	skipped  int64 // body bytes of which the session does not know
	reported bool
	gate     *gate
	told     *heard // what the sidecar said already; nil for nothing
}

// begin starts the inspection of a request and gives it its id.
func begin(p *plugin, r *http.Request) *exchange {
	x := &exchange{p: p, r: r, rules: p.shared.current(), id: r.Header.Get(p.settings.RequestIDHeader)}
	if !gateway.KeepID(x.id) {
		x.id = freshID()
	}
	return x
}

// freshID returns 128 random bits in hexadecimal.
func freshID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// head judges the request line and the headers, before anything is changed.
func (x *exchange) head() {
	x.guard(x.open)
	// In mode detect nothing is altered, and a harmless id stays as it came.
	if x.prevents() && x.r.Header.Get(x.p.settings.RequestIDHeader) != x.id {
		x.r.Header.Set(x.p.settings.RequestIDHeader, x.id)
	}
}

// prevents says whether the request may be refused: by the settings, and by its
// asset as far as that is known.
func (x *exchange) prevents() bool {
	return x.p.settings.Mode == gateway.Prevent && (x.verdict.Mode == "" || x.verdict.Mode == gateway.Prevent)
}

func (x *exchange) open() {
	s := x.p.shared
	if s.client != nil && (x.told != nil || s.client.breaker.allow(time.Now())) {
		x.session = newRemote(x.p, x.r, x.rules, x.told)
	} else if x.rules.engine != nil {
		x.session = newEmbedded(x.rules.engine, x.rules.client(x.r), x.p.aside)
	} else {
		x.engine = remoteName
		x.fault = faultSidecar
		return
	}
	x.take(x.session.head(x.r))
}

// take keeps what a session returned. After a fault the session is not asked
// any more.
func (x *exchange) take(v core.Verdict, fault string) {
	x.verdict = v
	x.engine = x.session.name()
	if fault != "" && x.fault == "" {
		x.fault = fault
	}
}

// guard runs f, one step of the inspection, and keeps its panics from the
// request. After a panic the session is in an unknown state and is dropped.
func (x *exchange) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			x.session = nil
			x.fault = faultPanic
			complain("inspection panicked; the request is treated as failMode says")
		}
	}()
	f()
}

// body judges a piece of the body.
func (x *exchange) body(b []byte) {
	if x.session == nil || x.fault != "" {
		x.skipped += int64(len(b))
		return
	}
	x.guard(func() { x.take(x.session.body(b)) })
}

// end completes the verdict and reports it.
func (x *exchange) end(trailer http.Header) {
	if x.session != nil && x.fault == "" {
		x.guard(func() { x.take(x.session.end(trailer)) })
	}
	x.report()
}

// action is what follows from what is known so far.
func (x *exchange) action() gateway.Action {
	return gateway.Decide(&x.p.settings, &x.verdict, x.fault)
}

// refuses says whether the request is to be refused by what is known so far.
func (x *exchange) refuses() bool {
	if x.fault == "" && x.verdict.Action == core.Pass {
		return false // nearly always; this spares the interpreter the rest
	}
	return x.action().Refuses()
}

// openBody ends the inspection of a request without a body, or puts the
// inspected body into the request: in mode prevent after its first block was
// judged. It reports whether the request may go on.
func (x *exchange) openBody() bool {
	r := x.r
	if x.refuses() {
		return false
	}
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 && len(r.TransferEncoding) == 0 && r.ProtoMajor == 1 {
		x.end(r.Trailer)
		return !x.refuses()
	}
	x.gate = &gate{x: x, src: r.Body, hold: x.prevents() && !isStream(r.Header.Get("Content-Type"))}
	r.Body = x.gate
	if x.gate.hold && !x.gate.readAhead() {
		return false
	}
	return true
}

// isStream reports whether a content type is one of the protocols in which the
// client may wait for an answer in the middle of its body.
func isStream(contentType string) bool {
	t := strings.ToLower(contentType)
	return strings.HasPrefix(t, "application/grpc") || strings.HasPrefix(t, "application/connect+")
}

// refuse answers in place of the upstream.
func (x *exchange) refuse(rw http.ResponseWriter) {
	answer := x.rules.terms.Refuse(x.action(), x.verdict.Asset, strings.Join(x.r.Header.Values("Accept"), ","), x.id)
	h := rw.Header()
	for i := 0; i < len(answer.Headers); i++ {
		h.Set(answer.Headers[i].Name, answer.Headers[i].Value)
	}
	h.Set(x.p.settings.RequestIDHeader, x.id)
	rw.WriteHeader(answer.Status)
	if x.r.Method != http.MethodHead {
		_, _ = rw.Write([]byte(answer.Body))
	}
}

// finish frees what the request held and reports it, if that has not been done.
func (x *exchange) finish() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.gate != nil {
		x.gate.release()
	}
	s := x.session
	x.session = nil
	if s != nil {
		x.guard(s.close)
	}
	x.report()
}

// report writes the event, once.
func (x *exchange) report() {
	if x.reported {
		return
	}
	x.reported = true
	log := x.rules.terms.Log(x.p.settings.Log)
	if x.fault == "" && x.verdict.Confidence == core.ConfidenceNone && x.verdict.Action == core.Pass && log != gateway.LogAll {
		return
	}
	action := x.action()
	if !gateway.Reports(log, action, &x.verdict) {
		return
	}
	r := x.r
	v := x.verdict
	v.Uninspected += x.skipped
	e := gateway.Event{Time: time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), ID: x.id, Gateway: x.engine,
		Source: hostOnly(x.rules.client(r)), Method: r.Method, Host: r.Host, Path: path(target(r)),
		Action: action, Fault: x.fault, Verdict: v}
	_, _ = os.Stdout.Write(append(e.Append(make([]byte, 0, 512)), '\n'))
}

// path cuts the parameters off a request target, and what is too long to log.
func path(uri string) string {
	if i := strings.IndexByte(uri, '?'); i >= 0 {
		uri = uri[:i]
	}
	if len(uri) > 512 {
		uri = uri[:512]
	}
	return uri
}

func hostOnly(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// complain writes a line about the plugin itself. Traefik's own log takes what
// plugins print only when it is at level debug; stderr is seen always.
func complain(text string) {
	_, _ = os.Stderr.WriteString("glacis: " + text + "\n")
}
