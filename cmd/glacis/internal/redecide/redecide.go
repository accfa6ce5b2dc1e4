// Package redecide decides about the requests of an event log again, under
// another policy: from the findings that the events recorded, because the
// requests themselves are gone.
package redecide

import (
	"fmt"
	"slices"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/exception"
	"github.com/glacis-waf/glacis/gateway"
)

// Request is what an event recorded of a request.
type Request struct {
	ID, Source, Method, Host, Path string
	// Action is what was done with it, Exceptions what the policy of then said.
	Action     gateway.Action
	Exceptions map[string]string
	// Findings are those that are named, the strongest first; Unnamed is how many
	// more there were.
	Findings []exception.Finding
	Unnamed  int
	// Tokens are the features of the strongest.
	Tokens []string
}

// Outcome is what becomes of a request.
type Outcome struct {
	Action        gateway.Action
	Asset, Reason string
	// Finding is the strongest that counts, nil for none.
	Finding *exception.Finding
	// Exceptions are those that matched, and what they did.
	Exceptions map[string]string
}

// Read takes an event apart; ok is false for one that is about no request, or
// whose request was not decided by its findings.
func Read(m events.Members) (r Request, ok bool) {
	r = Request{ID: m.Text("event.id"), Source: m.Text("source.ip"), Method: m.Text("http.request.method"), Host: m.Text("url.domain"), Path: m.Text("url.path"),
		Action: gateway.Action(m.Text("event.action"))}
	if !slices.Contains([]gateway.Action{gateway.ActionPass, gateway.ActionBlock, gateway.ActionDetect}, r.Action) || m.Text("glacis.fault") != "" {
		return r, false
	}
	if location := m.Text("glacis.location"); location != "" {
		top := exception.Finding{Location: location, Family: m.Text("glacis.family")}
		top.Confidence, _ = core.ParseConfidence(m.Text("glacis.confidence"))
		var score int
		if _, err := fmt.Sscan(m.Text("glacis.score"), &score); err == nil {
			top.Score = score
		}
		r.Findings = append(r.Findings, top)
	}
	others, unnamed := exception.Others(m)
	r.Findings, r.Unnamed = append(r.Findings, others...), unnamed
	tokens, _ := m["glacis.tokens"].([]any)
	for _, one := range tokens {
		if o, ok := one.(map[string]any); ok {
			r.Tokens = append(r.Tokens, events.Members(o).Text("text"))
		}
	}
	if matched, ok := m["glacis.exceptions"].(map[string]any); ok {
		r.Exceptions = map[string]string{}
		for id := range matched {
			r.Exceptions[id] = events.Members(matched).Text(id)
		}
	}
	return r, true
}

// Decide decides about a request under a policy, or, with nil, from a confidence
// on. What the event does not tell, no condition is met by: header lines but
// Host, values, and the features of findings other than the strongest.
func Decide(p *policy.Policy, confidence core.Confidence, r *Request) Outcome {
	settings := gateway.Settings{}.WithDefaults()
	if p == nil {
		v, out := core.Verdict{}, Outcome{}
		for i := range r.Findings {
			out.count(&r.Findings[i])
		}
		if out.Finding != nil && out.Finding.Confidence >= confidence {
			v.Action, out.Reason = core.Block, "score"
		}
		out.Action = gateway.Decide(&settings, &v, "")
		return out
	}
	ruling := p.NewRuling()
	ruling.From(r.Source)
	ruling.Line(r.Method, r.Path)
	ruling.Header("Host", r.Host)
	ruling.Settle()
	rules := ruling.Rules()
	out := Outcome{Asset: rules.Name}
	if rules.Off() {
		out.Action = gateway.ActionPass
		return out
	}
	for i := range r.Findings {
		f, tokens := &r.Findings[i], r.Tokens
		if i > 0 {
			tokens = nil
		}
		candidates := ruling.Explained(ruling.Candidates(f.Location, nil, true), f.Family, tokens)
		if ruling.Decide(candidates, int(f.Confidence)) == policy.Keep {
			out.count(f)
		}
	}
	level := core.ConfidenceNone
	if out.Finding != nil {
		level = out.Finding.Confidence
	}
	judgment := ruling.Judge(int(level))
	v := core.Verdict{Mode: rules.Settings.Mode, Violations: ruling.Violations()}
	if judgment.Block {
		v.Action = core.Block
	}
	out.Action, out.Reason = gateway.Decide(&settings, &v, ""), judgment.Reason
	for _, m := range ruling.Marks(int(level), judgment.Block) {
		if out.Exceptions == nil {
			out.Exceptions = map[string]string{}
		}
		out.Exceptions[m.ID] = m.Effect
	}
	return out
}

// count takes a finding that counts.
func (o *Outcome) count(f *exception.Finding) {
	if o.Finding == nil || f.Confidence > o.Finding.Confidence || f.Confidence == o.Finding.Confidence && f.Score > o.Finding.Score {
		o.Finding = f
	}
}

// Gaps lists what of a policy cannot be decided from events, a sentence each.
func Gaps(p *policy.Policy) []string {
	if p == nil {
		return nil
	}
	doc := p.Document()
	var out []string
	for i := range doc.Exceptions {
		x := &doc.Exceptions[i]
		switch {
		case x.Value != "":
			out = append(out, fmt.Sprintf("exception %s asks for values, which events do not have", x.ID))
		case len(x.Headers) > 0:
			out = append(out, fmt.Sprintf("exception %s asks for headers, which events do not have", x.ID))
		case len(x.Indicators) > 0:
			out = append(out, fmt.Sprintf("exception %s asks for indicators, which events have of the strongest finding only", x.ID))
		}
	}
	checks := map[string]bool{}
	note := func(s *policy.Protections) {
		for name, mode := range map[string]string{"csrf": s.CSRF.Mode, "geo": s.Geo.Mode, "openRedirect": s.OpenRedirect.Mode, "errorDisclosure": s.ErrorDisclosure.Mode} {
			if mode == gateway.Prevent || mode == gateway.Detect {
				checks[name] = true
			}
		}
	}
	note(&doc.Defaults.Protections)
	for i := range doc.Assets {
		note(&doc.Assets[i].Protections)
	}
	if len(doc.RateLimits) > 0 {
		checks["rateLimits"] = true
	}
	for _, name := range []string{"csrf", "geo", "openRedirect", "errorDisclosure", "rateLimits"} {
		if checks[name] {
			out = append(out, name+" needs more than events have")
		}
	}
	return out
}
