package core

import (
	"strings"

	"github.com/glacis-waf/glacis/core/walk"
)

// MaxClean is the length of the longest body that Clean looks at.
const MaxClean = 12 << 10

// Clean proves that a whole request is clean, at a fraction of what a transaction
// costs where the engine is interpreted: its header lines, of which block is a
// text as for Transaction.Headers, were clean before, its target is of the
// ordinary kind or was clean before, and so is its body, which is JSON or a form;
// there are no trailers. own is a header line that is not in block because it
// differs with each request, as ids do; the zero Header is none. It returns the
// score of such a request, and -1 if there is no proof: then a transaction has to
// tell. It never proves anything where the engine is compiled or there is a
// policy.
func (e *Engine) Clean(method, uri, block string, own Header, body []byte) int {
	if e.heads == nil || e.cfg.Policy != nil || !usual(method) || own.Name != "" && !e.cleanLine(&own) {
		return -1
	}
	known, ok := e.heads.Find(0, block)
	if !ok {
		return -1
	}
	l := &e.cfg.Limits
	if len(method)+len(uri)+known.Input+len(own.Name)+len(own.Value) > l.HeaderBytes {
		return -1
	}
	// of what the parts count for there are bounds, which have to do
	values, decoded, score := known.Values+1+len(uri), known.Decoded+2*len(uri)+walk.Room, known.Score
	if uri != "/" {
		_, n, ok := e.skim.Target(uri)
		if !ok {
			before, found := e.targets.Find(0, uri)
			if !found {
				return -1
			}
			values += before.Values
			decoded += before.Decoded
			n = before.Score
		}
		score = larger(score, n)
	}
	if decoded > l.DecodedSlack {
		return -1
	}
	if len(body) > 0 {
		o, ok := e.cleanBody(&known, body)
		if !ok {
			return -1
		}
		values += o.Values
		decoded += o.Decoded + 2*len(body)
		score = larger(score, o.Score)
	}
	if values > l.Values || decoded > l.DecodedSlack+l.DecodedRatio*len(body) {
		return -1
	}
	return score
}

// cleanLine proves a header line, of a name for which the walker has nothing of
// its own: none of those begins with x.
func (e *Engine) cleanLine(h *Header) bool {
	return strings.HasPrefix(strings.ToLower(h.Name), "x-") && (h.Value == "" || e.skim.Value(h.Value))
}

// usual reports whether a method is one that nobody need look at.
func usual(method string) bool {
	return method == "GET" || method == "POST" || method == "PUT" || method == "PATCH" ||
		method == "DELETE" || method == "HEAD" || method == "OPTIONS"
}

// cleanBody proves a body. What it is taken for must be what the walker would
// take it for.
func (e *Engine) cleanBody(head *walk.Outcome, body []byte) (walk.Outcome, bool) {
	var o walk.Outcome
	if head.Encoding != "" || len(body) > MaxClean || len(body) < 3 || int64(len(body)) > e.cfg.Limits.BodyBytes {
		return o, false
	}
	if strings.HasPrefix(head.Type, "application/json") {
		return e.skim.Document(body)
	}
	if head.Type != "application/x-www-form-urlencoded" {
		return o, false
	}
	n, ok := e.skim.Form(string(body))
	o.Values = n
	return o, ok
}
