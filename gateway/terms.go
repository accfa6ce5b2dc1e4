package gateway

import "github.com/glacis-waf/glacis/core/policy"

// Terms are what a policy asks of the wrapper itself, beside what the engine
// does by it: who the client is, what is reported, how a refusal looks. A nil
// Terms is that of no policy. It is immutable.
type Terms struct {
	policy *policy.Policy
	header string
	level  string
}

// NewTerms returns the terms of a policy, nil for nil.
func NewTerms(p *policy.Policy) *Terms {
	if p == nil {
		return nil
	}
	doc := p.Document()
	t := &Terms{policy: p, header: doc.Source.Header, level: doc.Logging.Level}
	if t.header == "" {
		t.header = "X-Forwarded-For"
	}
	return t
}

// Header names the header whose lines Client wants, "" for none: without
// trusted proxies nobody is believed.
func (t *Terms) Header() string {
	if t == nil || len(t.policy.Document().Source.TrustedProxies) == 0 {
		return ""
	}
	return t.header
}

// Client returns the address that a request came from, for
// core.Transaction.Source and events: the peer, without or with a port, or, if
// that is a proxy that the policy trusts, what the lines of Header say.
func (t *Terms) Client(peer string, lines []string) string {
	if t == nil || peer == "" {
		return peer
	}
	return t.policy.Source(peer, lines)
}

// Log returns the log level: the policy's, or else the setting's.
func (t *Terms) Log(setting string) string {
	if t == nil || t.level == "" {
		return setting
	}
	return t.level
}

// FailMode is what the policy says about requests that could not be inspected,
// nil for nothing.
func (t *Terms) FailMode() *policy.FailMode {
	if t == nil {
		return nil
	}
	return t.policy.FailMode()
}

// Asset returns name and mode of the asset of a request that could not be
// inspected, "" without a policy.
func (t *Terms) Asset(uri, host string) (name, mode string) {
	if t == nil {
		return "", ""
	}
	return t.policy.Asset(uri, host)
}

// Learns says whether an asset's traffic is learned from.
func (t *Terms) Learns(asset string) bool { return t == nil || t.policy.Learns(asset) }

// Refuse makes the answer for an action that refuses a request of an asset: the
// policy's own where it has one for blocked requests, else that of Refuse.
func (t *Terms) Refuse(a Action, asset, accept, id string) Refusal {
	if t != nil && a == ActionBlock {
		if own := t.policy.Response(asset); own != nil {
			return Custom(own, accept, id)
		}
	}
	return Refuse(a, accept, id)
}
