package kong

import (
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/glacis-waf/glacis/gateway"
)

// counters count since the start of the process; all are safe for concurrent
// use.
type counters struct {
	actions [len(actions)]atomic.Int64
	faults  [len(faults)]atomic.Int64
	hits    atomic.Int64
	misses  atomic.Int64
	skipped atomic.Int64 // bodies not inspected because they are gRPC streams
	unseen  atomic.Int64 // bytes
	dropped atomic.Int64 // events
	hung    atomic.Int64 // inspections given up that still run
}

var (
	actions = [...]gateway.Action{gateway.ActionPass, gateway.ActionBlock, gateway.ActionDetect, gateway.ActionFailOpen, gateway.ActionFailClosed, gateway.ActionReject}
	faults  = [...]string{faultPanic, faultTimeout, faultConfig, faultBody, faultProtocol, faultHeaders}
)

// The causes for which a request was not inspected to its end.
const (
	faultPanic    = "panic"
	faultTimeout  = "timeout"
	faultConfig   = "config"
	faultBody     = "body"
	faultProtocol = "protocol"
	faultHeaders  = "headers"
)

// count counts a decided request.
func (c *counters) count(a gateway.Action, fault string, unseen int64) {
	for i := range actions {
		if actions[i] == a {
			c.actions[i].Add(1)
		}
	}
	for i := range faults {
		if faults[i] == fault {
			c.faults[i].Add(1)
		}
	}
	c.unseen.Add(unseen)
}

// total is the number of requests counted.
func (c *counters) total() int64 {
	n := int64(0)
	for i := range c.actions {
		n += c.actions[i].Load()
	}
	return n
}

// of is the number of requests with an action.
func (c *counters) of(a gateway.Action) int64 { return c.actions[slices.Index(actions[:], a)].Load() }

// failures is the number of requests that were not inspected to their end.
func (c *counters) failures() int64 {
	n := int64(0)
	for i := range c.faults {
		n += c.faults[i].Load()
	}
	return n
}

// append appends the counters as one line of JSON without the line end.
func (c *counters) append(dst []byte, time string) []byte {
	dst = append(dst, `{"event.kind":"metric","@timestamp":"`...)
	dst = append(dst, time...)
	dst = append(dst, `","observer.name":"kong"`...)
	add := func(name string, n int64) {
		dst = append(append(append(dst, `,"glacis.`...), name...), `":`...)
		dst = strconv.AppendInt(dst, n, 10)
	}
	for i, a := range actions {
		add("requests."+string(a), c.actions[i].Load())
	}
	for i, f := range faults {
		add("faults."+f, c.faults[i].Load())
	}
	add("cache.hits", c.hits.Load())
	add("cache.misses", c.misses.Load())
	add("grpc_bodies_skipped", c.skipped.Load())
	add("uninspected_bytes", c.unseen.Load())
	add("events_dropped", c.dropped.Load())
	add("inspections_hung", c.hung.Load())
	return append(dst, '}')
}
