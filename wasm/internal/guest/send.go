package guest

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/glacis-waf/glacis/sidecar/batch"
)

// flush sends a body if there is one worth it.
func (a *agent) flush(kind int, o *outbox, now uint64) {
	if !a.tasks[kind].ready(now) || !o.next(now) {
		return
	}
	if kind == taskRecords {
		a.call(kind, now, "POST", "/v1/observations", o.sending, callMillis, "content-type", batch.MediaType)
		return
	}
	a.call(kind, now, "POST", "/v1/events", o.sending, callMillis, "content-type", "application/x-ndjson")
}

// delivered deals with the answer to a body. The same is sent again, with the
// same id, until it has arrived, is not wanted or is too old.
func (a *agent) delivered(o *outbox, r *reply, t *task, now uint64) error {
	if r.status >= 200 && r.status < 300 {
		o.drop()
		t.done(now, 0)
		return nil
	}
	unwanted := r.status >= 400 && r.status < 500 && r.status != 401 && r.status != 429
	if unwanted || o.stale(now) {
		a.lost(o, o.drop())
	}
	return r.fault()
}

// lost counts items that were dropped.
func (a *agent) lost(o *outbox, n int) {
	m := &a.vm.metrics
	if o == &a.records {
		a.lostRecords += uint64(n)
		m.add(a.vm.host, m.recordsDropped, int64(n))
		return
	}
	a.lostEvents += uint64(n)
	m.add(a.vm.host, m.eventsDropped, int64(n))
}

// observe takes the record of a request.
func (a *agent) observe(record []byte, now uint64) {
	o := &a.records
	if o.items == 0 {
		var id batch.ID
		binary.LittleEndian.PutUint64(id[:], rand.Uint64())
		binary.LittleEndian.PutUint64(id[8:], rand.Uint64()^now)
		o.filling = batch.Begin(o.filling[:0], id)
		o.since = now
	}
	if o.items == batch.MaxRecords || !o.room(len(record)+binary.MaxVarintLen16) {
		a.lost(o, 1)
		return
	}
	o.filling = batch.AppendRecord(o.filling, record)
	o.items++
	a.vm.metrics.observed++
}

// maxEvent is the longest event that a sidecar takes.
const maxEvent = 8 << 10

// event takes an event, a line of JSON.
func (a *agent) event(line []byte) {
	o := &a.events
	if len(line) > maxEvent || !o.room(len(line)+1) {
		a.lost(o, 1)
		return
	}
	if o.items == 0 {
		o.since = a.vm.host.Now()
	}
	o.filling = append(append(o.filling, line...), '\n')
	o.items++
}
