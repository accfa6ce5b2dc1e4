package events

import (
	"errors"
	"slices"
	"strconv"
)

// Change is another list of sinks for Outputs: what is new in it is open
// already, and gets no event yet. Apply or Drop ends it.
type Change struct {
	outputs *Outputs
	next    []*Queue
	opened  []*Queue // of next
}

// Prepare opens the sinks of a list that is to take the place of the one in use.
// A sink whose address stands in both goes on as it is, with what waits for it.
// One change at a time may be open.
func (o *Outputs) Prepare(addresses []string) (*Change, error) {
	if len(addresses) > maxSinks {
		return nil, errors.New("event sinks: at most " + strconv.Itoa(maxSinks))
	}
	c := &Change{outputs: o, next: o.keep(addresses)}
	for i, address := range addresses {
		if c.next[i] != nil {
			continue
		}
		sink, kind, err := OpenSink(address, o.env)
		if err != nil {
			c.Drop()
			return nil, err
		}
		q := NewQueue(sink, QueueConfig{Name: c.name(kind), Log: o.log})
		q.address = address
		c.next[i], c.opened = q, append(c.opened, q)
	}
	return c, nil
}

// keep returns the queues in use that have these addresses, nil where there is
// none.
func (o *Outputs) keep(addresses []string) []*Queue {
	o.mu.RLock()
	defer o.mu.RUnlock()
	old, out := slices.Clone(o.queues), make([]*Queue, len(addresses))
	for i, address := range addresses {
		if at := slices.IndexFunc(old, func(q *Queue) bool { return q.address == address }); at >= 0 {
			out[i] = old[at]
			old = slices.Delete(old, at, at+1)
		}
	}
	return out
}

// name is the kind, with a number where there are others of it.
func (c *Change) name(kind string) string {
	name := kind
	for n := 2; slices.ContainsFunc(c.next, func(q *Queue) bool { return q != nil && q.cfg.Name == name }); n++ {
		name = kind + "#" + strconv.Itoa(n)
	}
	return name
}

// Apply puts the list to use. What the sinks that are not in it have waiting is
// delivered meanwhile, for at most 5 s.
func (c *Change) Apply() {
	o := c.outputs
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		go c.Drop()
		return
	}
	leaving := slices.DeleteFunc(slices.Clone(o.queues), func(q *Queue) bool { return slices.Contains(c.next, q) })
	o.queues = c.next
	if len(leaving) > 0 {
		o.leaving.Go(func() {
			if err := closeQueues(leaving); err != nil {
				leaving[0].cfg.Log.Error("event sinks that were replaced", "error", err)
			}
		})
	}
}

// Drop closes what was opened.
func (c *Change) Drop() { _ = closeQueues(c.opened) } // nothing was sent to them
