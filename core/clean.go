package core

import "github.com/glacis-waf/glacis/core/walk"

// Clean proves that a request without a body is clean, at a fraction of what a
// transaction costs where the engine is interpreted: its header lines, of which
// block is a text as for Transaction.Headers, were clean before, and its target
// is of the ordinary kind or was clean before. It returns the score of such a request, and -1 if
// there is no proof: then a transaction has to tell. It never proves anything
// where the engine is compiled or there is a policy.
func (e *Engine) Clean(method, uri, block string) int {
	if e.heads == nil || e.cfg.Policy != nil || method != "GET" && method != "HEAD" && method != "OPTIONS" && method != "DELETE" {
		return -1
	}
	known, ok := e.heads.Find(0, block)
	if !ok {
		return -1
	}
	l := &e.cfg.Limits
	if len(method)+len(uri)+known.Input > l.HeaderBytes || known.Values+len(uri) > l.Values || known.Decoded+2*len(uri)+walk.Room > l.DecodedSlack {
		return -1
	}
	if uri == "/" {
		return known.Score
	}
	_, score, ok := e.skim.Target(uri)
	if ok {
		return larger(score, known.Score)
	}
	before, ok := e.targets.Find(0, uri)
	if !ok || known.Values+before.Values > l.Values || known.Decoded+before.Decoded+walk.Room > l.DecodedSlack {
		return -1
	}
	return larger(before.Score, known.Score)
}
