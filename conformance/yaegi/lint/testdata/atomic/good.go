package sample

import "sync/atomic"

var total atomic.Int64

type counter struct{ hits int64 }

func (c *counter) add() {
	total.Add(1)
	atomic.AddInt64(&c.hits, 1)
}
