package guest

// outbox collects items for calls: while one body is on its way, the next fills.
// Both keep their memory. What finds no room is refused; the caller counts it.
type outbox struct {
	filling, sending []byte
	items, underWay  int
	limit            int    // of one body, in bytes
	since            uint64 // when the oldest item of filling came
	begun            uint64 // when sending was first sent
}

// The sizes and times of a body.
const (
	worthBytes = 32 << 10 // from here a body is sent at once
	worthTime  = second   // and from this age
	// giveUp is how long a body is sent again. The sidecar knows the ids of
	// batches for ten minutes.
	giveUp = 300 * second
)

// room says whether n bytes more fit.
func (o *outbox) room(n int) bool { return len(o.filling)+n <= o.limit }

// next says whether there is a body to be sent, and makes it the one on its way.
func (o *outbox) next(now uint64) bool {
	if len(o.sending) > 0 {
		return true
	}
	if o.items == 0 || len(o.filling) < worthBytes && now < o.since+worthTime {
		return false
	}
	o.filling, o.sending = o.sending[:0], o.filling
	o.items, o.underWay = 0, o.items
	o.begun = now
	return true
}

// drop forgets the body on its way, because it has arrived or never will, and
// returns how many items it had.
func (o *outbox) drop() int {
	n := o.underWay
	o.sending, o.underWay = o.sending[:0], 0
	return n
}

// stale says whether the body on its way has been tried for long enough.
func (o *outbox) stale(now uint64) bool { return now > o.begun+giveUp }
