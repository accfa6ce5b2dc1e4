package sample

import "sync/atomic"

type counter struct {
	hits atomic.Int64            // want
	more [4]atomic.Uint32        // want
	next atomic.Pointer[counter] // want
}

func (c *counter) add() { c.hits.Add(1); c.more[0].Add(1); c.next.Store(nil) }
