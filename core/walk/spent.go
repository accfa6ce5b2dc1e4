package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Spent returns how many values and decoded bytes the transaction has counted
// so far.
func (w *Walker) Spent() (values, decoded int) { return w.values, w.decoded }

// Room is how much of the budget of decoded bytes must be left for Spend.
const Room = arenaSize

// Spend counts a line of n bytes that needs no walk, because one equal to it
// byte for byte took so many values and decoded bytes. It reports whether the
// limits allow that; if not, nothing is counted and the line has to be walked,
// so that the limits are met and counted where they are.
func (w *Walker) Spend(n, values, decoded int) bool {
	room := w.limits.DecodedRatio*w.input + w.limits.DecodedSlack - w.decoded
	if w.values+values > w.limits.Values || decoded+Room > room {
		return false
	}
	w.input += n
	w.values += values
	w.decoded += decoded
	return true
}

// Peek hands the sink the cookies of a line that needs no walk, of at most
// MaxValue bytes, as they were sent: without gate hits, and without anything
// that could be decoded from them. It counts nothing.
func (w *Walker) Peek(cookies []byte) {
	f := w.enter()
	if f == nil {
		return
	}
	w.at(Cookie, "cookie")
	w.hits.N = 0
	c := &w.ctx
	c.Depth, c.Flags, c.Hits = 0, 0, &w.hits
	f.cookie.Window(cookies, true)
	for f.cookie.Next(&f.field) == decode.Found {
		v := f.field.Value
		if f.field.Kind == decode.KindName || len(v) == 0 {
			continue
		}
		mark := len(w.path)
		if len(f.field.Name) > 0 {
			w.push('.', f.field.Name)
		}
		c.Class = kernel.Classes(v)
		w.sink.Value(c, v)
		w.pop(mark)
	}
	w.path = w.path[:0]
	w.leave()
}
