package guest

// What an agent does now and then, each by calls of its own.
const (
	taskReport  = iota // say that it is there
	taskProfile        // ask for what was learned
	taskModel          // ask for a model
	taskPolicy         // ask for a policy
	taskRecords        // send observations
	taskEvents         // send events
	taskCount
)

// All times are nanoseconds of the host's clock.
const (
	second = uint64(1e9)
	// firstPause and lastPause are the waits after calls that failed: doubled
	// each time up to the last.
	firstPause = second / 4
	lastPause  = 15 * second
	// overdue is how long after its time limit a call without an answer is taken
	// as lost, should a host ever forget one.
	overdue = 30 * second
)

// task is the state of one kind of calls, of which one is under way at a time.
type task struct {
	call    uint32
	waiting bool
	sent    uint64
	due     uint64 // when the next call may go out
	limit   uint64 // when the one under way is given up
	pause   uint64 // after the next failure
}

// ready says whether a call may go out now.
func (t *task) ready(now uint64) bool {
	if t.waiting && now > t.limit {
		t.waiting = false
		t.failed(now)
	}
	return !t.waiting && now >= t.due
}

// begin notes a call that went out, or that the host refused to send.
func (t *task) begin(call uint32, ok bool, now uint64, millis uint32) {
	if !ok {
		t.failed(now)
		return
	}
	t.call, t.waiting, t.sent, t.limit = call, true, now, now+uint64(millis)*1e6+overdue
}

// done sets when the next call is due after one that succeeded.
func (t *task) done(now, wait uint64) {
	t.pause, t.due = 0, now+wait
}

// failed sets when the next call is due after one that did not.
func (t *task) failed(now uint64) {
	t.pause = min(max(2*t.pause, firstPause), lastPause)
	t.due = now + t.pause
}
