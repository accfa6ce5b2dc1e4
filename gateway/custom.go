package gateway

import (
	"strings"

	"github.com/glacis-waf/glacis/core/policy"
)

// Custom makes the answer that a policy has for refused requests: its page for
// browsers, its JSON for everybody else, or its redirect. Where it has none of
// what is asked for, the answer is the built-in one with its status. {id} stands
// for the request id, which must be one that KeepID takes.
func Custom(p *policy.Response, accept, id string) Refusal {
	status := p.Status
	if status == 0 {
		status = 403
	}
	page := WantsPage(accept)
	r := Refusal{Status: status}
	if p.Redirect != "" {
		r.add("Location", fill(p.Redirect, id))
		r.add("Cache-Control", "no-store")
		return r
	}
	if page && p.Page != "" {
		r.ContentType = "text/html; charset=utf-8"
		r.Body = fill(p.Page, id)
	} else if !page && p.JSON != "" {
		r.ContentType = "application/json"
		r.Body = fill(p.JSON, id)
	} else {
		r = Answer(403, accept, id)
		r.Status = status
		return r
	}
	r.add("Content-Type", r.ContentType)
	r.add("Cache-Control", "no-store")
	r.add("Vary", "Accept")
	r.add("X-Content-Type-Options", "nosniff")
	r.add("Referrer-Policy", "no-referrer")
	return r
}

func fill(text, id string) string { return strings.ReplaceAll(text, "{id}", id) }
