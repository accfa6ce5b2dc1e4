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
// there are no trailers. It returns the score of such a request, and -1 if there
// is no proof: then a transaction has to tell. It never proves anything where
// the engine is compiled or there is a policy.
func (e *Engine) Clean(method, uri, block string, body []byte) int {
	if e.heads == nil || e.cfg.Policy != nil || !usual(method) {
		return -1
	}
	known, ok := e.heads.Find(0, block)
	if !ok {
		return -1
	}
	l := &e.cfg.Limits
	if len(method)+len(uri)+known.Input > l.HeaderBytes {
		return -1
	}
	// of what the parts count for there are bounds, which have to do
	values, decoded, score := known.Values+len(uri), known.Decoded+2*len(uri)+walk.Room, known.Score
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
