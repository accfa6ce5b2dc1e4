package proxy

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/proxy/answer"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// The protections that look at answers, as policies name them.
const (
	openRedirect    = "openRedirect"
	errorDisclosure = "errorDisclosure"
	securityHeaders = "securityHeaders"
)

const (
	// answerHold is how long the beginning of an answer is waited for that may
	// tell of the application's insides. Pages of errors come in one piece.
	answerHold = 200 * time.Millisecond
	// keptBody is how much of a request's body is kept to see what it asked for.
	keptBody = 8 << 10
)

var errWithheld = errors.New("proxy: answer withheld by a protection")

// answers are the checks of the answer to one request, in mode prevent or
// detect each.
type answers struct {
	*policy.Answers
	// prevents says that the answer may be altered or withheld at all.
	prevents bool
	// objections are what was found; withheld is the protection for which the
	// answer is not passed on.
	objections []policy.Violation
	notes      []policy.Violation // that are no reason to report the request
	withheld   string
	watching   bool // the body is still looked at
}

// guardAnswers prepares the checks of the answer, once the headers are known.
func (x *exchange) guardAnswers() {
	if x.active == nil {
		return
	}
	v := x.inspection.result().Verdict
	if v.Mode == gateway.Off {
		return
	}
	checks := x.active.policy.Answers(v.Asset)
	if checks == nil {
		return
	}
	x.answers = &answers{Answers: checks, prevents: x.prevents()}
	if checks.OpenRedirect != "" {
		x.inspection.keep(keptBody)
	}
}

// checkAnswer runs the checks on an answer whose head has come. It returns
// errWithheld when the answer is not to be passed on.
func (x *exchange) checkAnswer(res *http.Response) error {
	a := x.answers
	if a == nil || res.StatusCode == http.StatusSwitchingProtocols || isEvents(res.Header) {
		return nil
	}
	x.checkRedirect(res)
	x.checkBody(res)
	if a.withheld != "" {
		return errWithheld
	}
	x.checkHeaders(res.Header)
	return nil
}

// isEvents says whether an answer is a stream of events, which is left alone.
func isEvents(h http.Header) bool {
	return strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "text/event-stream")
}

// object notes what a check objects to, unless an exception allows the request,
// and withholds the answer if the check prevents and it is not too late.
func (x *exchange) object(protection, detail, mode string, late bool) {
	if x.allowed() {
		return
	}
	a := x.answers
	v := policy.Violation{Protection: protection, Detail: detail, Prevent: mode == gateway.Prevent}
	if v.Prevent && a.prevents && !late && a.withheld == "" {
		a.withheld = protection
	}
	a.objections = append(a.objections, v)
	outcome := answerReported
	if a.withheld == protection {
		outcome = answerWithheld
	}
	x.p.cfg.Metrics.objected(protection, outcome)
}

// allowed says whether an exception allows the request, whatever it is.
func (x *exchange) allowed() bool {
	r := x.active.policy.NewRuling()
	r.From(x.source)
	r.Line(x.in.Method, x.in.RequestURI)
	r.Header("Host", x.in.Host)
	for name, values := range x.in.Header {
		for _, value := range values {
			r.Header(name, value)
		}
	}
	r.Settle()
	allowed := r.Allowed()
	if allowed {
		r.Count(0, false)
	}
	return allowed
}

// checkRedirect looks where an answer sends the client.
func (x *exchange) checkRedirect(res *http.Response) {
	location := res.Header.Get("Location")
	if x.answers.OpenRedirect == "" || location == "" || res.StatusCode < 300 || res.StatusCode > 399 {
		return
	}
	asset := x.inspection.result().Asset
	host := answer.Host(location)
	if host != "" && x.active.policy.Foreign(asset, strings.ToLower(x.in.Host), host) && answer.Asked(host, x.in.RequestURI, x.inspection.kept()) {
		x.object(openRedirect, clip(host, 80), x.answers.OpenRedirect, false)
	}
}

// checkBody looks at the beginning of a body. In mode prevent it is waited for,
// a little, before the client hears of the answer.
func (x *exchange) checkBody(res *http.Response) {
	a := x.answers
	if a.ErrorDisclosure == "" || x.in.Method == http.MethodHead || !answer.Textual(res.StatusCode, res.Header.Get("Content-Type")) {
		return
	}
	encoding := res.Header.Get("Content-Encoding")
	judge := func(beginning []byte, late bool) {
		if shown := answer.Disclosed(answer.Decode(encoding, beginning)); shown != "" {
			x.object(errorDisclosure, shown, a.ErrorDisclosure, late)
		}
	}
	if a.ErrorDisclosure == gateway.Prevent && a.prevents {
		w := newWindow(res.Body, answer.WindowBytes)
		res.Body = w
		beginning, whole := w.await(answerHold)
		judge(beginning, false)
		if whole || len(a.objections) > 0 {
			return
		}
	}
	a.watching = true
	res.Body = &glance{ReadCloser: res.Body, seen: make([]byte, 0, answer.WindowBytes), judge: func(beginning []byte) { judge(beginning, true) }}
}

// checkHeaders adds the headers that an answer lacks, or counts that it does.
func (x *exchange) checkHeaders(h http.Header) {
	a := x.answers
	if a.SecurityHeaders == "" {
		return
	}
	adds, missing := a.prevents && a.SecurityHeaders == gateway.Prevent, false
	for _, want := range a.Headers {
		if len(h.Values(want.Name)) > 0 {
			continue
		}
		missing = true
		if adds {
			h.Set(want.Name, want.Value)
		} else {
			a.notes = append(a.notes, policy.Violation{Protection: securityHeaders, Detail: want.Name})
		}
	}
	switch {
	case adds && missing:
		x.p.cfg.Metrics.objected(securityHeaders, answerAltered)
	case missing:
		x.p.cfg.Metrics.objected(securityHeaders, answerReported)
	}
}

// pending says whether more may be found out than is known.
func (a *answers) pending() bool { return a != nil && a.watching }

// withhold answers the client in the place of the upstream.
func (x *exchange) withhold() bool {
	if x.answers == nil || x.answers.withheld == "" {
		return false
	}
	x.action = gateway.ActionBlock
	if x.answers.withheld == errorDisclosure {
		x.answer(http.StatusInternalServerError) // which is what the application wanted to say
	} else {
		x.block()
	}
	return true
}

// found returns what the checks of the answer object to so far, and the reason
// if that is why it was withheld.
func (x *exchange) found() (list, notes []policy.Violation, reason string) {
	if x.answers == nil {
		return nil, nil, ""
	}
	return x.answers.objections, x.answers.notes, x.answers.withheld
}
