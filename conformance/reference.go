package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// blockBytes is the engine's unit of judgement in a body (see
// core.Transaction.Body): wrappers stop at most that late.
const blockBytes = 32 << 10

// reference is the engine that all targets have to agree with.
var reference = sync.OnceValues(func() (*core.Engine, error) { return core.New(core.Config{}) })

// want is one verdict that a target may rightly report.
type want struct {
	action, confidence string
	score              int
	// findings are the family and location of the strongest finding, several
	// when some are equally strong: which is first depends on the order of
	// headers, which gateways change.
	findings []string
	// ruled is what a policy adds, "" without one.
	ruled string
}

// verdicts returns what a target may report of a request: the final verdict,
// or, where the request is blocked before its end, that of the point where a
// wrapper may have stopped: the end of the headers or of a block of the body.
func verdicts(p *Policy, r *core.Request) ([]want, error) {
	engine, err := p.judge()
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	var out []want
	tx := engine.Begin()
	defer tx.Close()
	tx.Source(p.Client(r))
	tx.RequestLine(r.Method, r.URI)
	for _, h := range r.Headers {
		tx.Header(h.Name, h.Value)
	}
	out = stopped(out, tx.EndHeaders())
	for rest := r.Body; len(rest) > 0; {
		n := min(blockBytes, len(rest))
		out = stopped(out, tx.Body(rest[:n]))
		rest = rest[n:]
	}
	for _, h := range r.Trailers {
		tx.Trailer(h.Name, h.Value)
	}
	return append(out, wanted(tx.End())), nil
}

func stopped(out []want, v core.Verdict) []want {
	w := wanted(v)
	if !gateway.Action(w.action).Refuses() {
		return out
	}
	if n := len(out); n > 0 && out[n-1].text() == w.text() {
		return out
	}
	return append(out, w)
}

func wanted(v core.Verdict) want {
	e := NewEvent("", &v)
	w := want{action: string(e.Action), confidence: e.Confidence, score: v.Score, ruled: e.ruled()}
	for _, f := range v.Findings {
		if f.Score == v.Score {
			w.findings = append(w.findings, f.Family.Name()+" in "+f.Location)
		}
	}
	if len(v.Findings) == 0 {
		w.findings = []string{" in "}
	}
	return w
}

func (w *want) text() string {
	return fmt.Sprintf("%s, %s, score %d, %s%s", w.action, w.confidence, w.score, strings.Join(w.findings, " or "), w.ruled)
}

// ruled is what the policy says in an event, "" without one.
func (e *Event) ruled() string {
	if e.Policy == "" {
		return ""
	}
	text := ", " + e.Policy + " asset " + e.Asset + " in " + e.Mode
	if e.Reason != "" {
		text += " because of " + e.Reason
	}
	for _, id := range slices.Sorted(maps.Keys(e.Exceptions)) {
		text += ", exception " + id + " " + e.Exceptions[id]
	}
	return text
}

// agrees says whether an event reports this verdict.
func (w *want) agrees(e *Event) bool {
	if string(e.Action) != w.action || e.Confidence != w.confidence || e.Score != w.score || e.ruled() != w.ruled {
		return false
	}
	found := e.Family + " in " + e.Location
	for _, f := range w.findings {
		if f == found || strings.EqualFold(f, found) {
			return true
		}
	}
	return false
}

// compare returns "" if an event reports a rightful verdict on r.
func compare(p *Policy, r *core.Request, e *Event) (string, error) {
	all, err := verdicts(p, r)
	if err != nil {
		return "", err
	}
	var texts []string
	for i := range all {
		if all[i].agrees(e) {
			return "", nil
		}
		texts = append(texts, all[i].text())
	}
	return fmt.Sprintf("verdict %s, %s, score %d, %s in %s%s; the engine says %s",
		e.Action, e.Confidence, e.Score, e.Family, e.Location, e.ruled(), strings.Join(texts, "; or ")), nil
}
