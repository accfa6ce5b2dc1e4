package kong

import (
	"sync/atomic"
	"time"
)

// The states of an event as its guard sees them.
const (
	// stateWaiting: the connection's goroutine waits, for Kong or for a slot,
	// and will go on by itself.
	stateWaiting int32 = iota
	// stateJudging: it inspects; if that hangs, the goroutine is lost.
	stateJudging
	// statePaused: it waits for the client's body; no time runs.
	statePaused
	// stateDone: the goroutine answers or has answered.
	stateDone
	// stateLate: the guard answers or has answered.
	stateLate
)

// guard is the deadline of the events of one connection. Whoever changes the
// state to done or late owns the answer, so that every event has exactly one.
type guard struct {
	state atomic.Int32
	timer *time.Timer
	left  time.Duration
	since time.Time
}

// newGuard makes a guard that calls late, on a goroutine of its own, when time
// is up; from is the state in which that found the event.
func newGuard(late func(from int32)) *guard {
	g := &guard{}
	g.state.Store(stateDone)
	g.timer = time.AfterFunc(time.Hour, func() {
		for _, from := range [...]int32{stateWaiting, stateJudging} {
			if g.state.CompareAndSwap(from, stateLate) {
				late(from)
				return
			}
		}
	})
	g.timer.Stop()
	return g
}

// start begins an event that waits, with so much time.
func (g *guard) start(d time.Duration) {
	g.left = d
	g.state.Store(stateWaiting)
	g.since = time.Now()
	g.timer.Reset(d)
}

// enter changes the state; false means that time was up before.
func (g *guard) enter(from, to int32) bool { return g.state.CompareAndSwap(from, to) }

// pause stops the time.
func (g *guard) pause() bool {
	if !g.enter(stateWaiting, statePaused) {
		return false
	}
	g.timer.Stop()
	g.left -= time.Since(g.since)
	return true
}

// resume lets the time run again, with more added.
func (g *guard) resume(more time.Duration) {
	g.left = max(g.left, 0) + more
	g.state.Store(stateWaiting)
	g.since = time.Now()
	g.timer.Reset(g.left)
}

// finish ends the event. owned means that the caller is to answer; reusable
// that the guard may serve another event: a timer that has fired may still run.
func (g *guard) finish() (owned, reusable bool) {
	for _, from := range [...]int32{stateJudging, stateWaiting, statePaused} {
		if g.state.CompareAndSwap(from, stateDone) {
			owned = true
			break
		}
	}
	return owned, g.timer.Stop()
}
