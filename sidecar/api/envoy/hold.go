package envoy

import "time"

// held is the part of a full-duplex body that was not passed on.
type held struct {
	bytes    []byte
	released int64 // passed on before
}

func (h *held) add(p []byte) { h.bytes = append(h.bytes, p...) }

// judged returns how many of the held bytes belong to complete blocks, on
// which the engine has given its verdict.
func (h *held) judged() int {
	total := h.released + int64(len(h.bytes))
	return max(0, int(total-total%blockBytes-h.released))
}

// take removes n bytes. What it returns is valid until the next add.
func (h *held) take(n int) []byte {
	out := h.bytes[:n]
	h.released += int64(n)
	if h.bytes = h.bytes[n:]; len(h.bytes) == 0 {
		h.bytes = nil
	}
	return out
}

// release passes on what is judged: complete blocks, or everything at the end
// of the body, when the engine has given up, and when nothing may be refused.
func (x *exchange) release(end bool) error {
	n := x.hold.judged()
	if end || x.in.Fault() != "" || !x.in.Prevents() {
		n = len(x.hold.bytes)
	}
	if n == 0 && !end {
		x.holdFor()
		return nil
	}
	if err := x.letHeaders(); err != nil {
		return err
	}
	if end {
		return x.last(streamed(x.hold.take(n), true))
	}
	x.holdFor()
	return x.reply(streamed(x.hold.take(n), false))
}

// releaseAll passes on everything that is held.
func (x *exchange) releaseAll() error {
	if err := x.letHeaders(); err != nil || len(x.hold.bytes) == 0 {
		return err
	}
	return x.reply(streamed(x.hold.take(len(x.hold.bytes)), false))
}

func (x *exchange) letHeaders() error {
	if x.answered {
		return nil
	}
	return x.answerHeaders()
}

// holdFor starts the time for which the beginning of a block of a stream is
// held.
func (x *exchange) holdFor() {
	if x.timer != nil && len(x.hold.bytes) > 0 {
		x.timer.Reset(streamHold)
	}
}

// expired is readable once that time is over; nil for ordinary bodies.
func (x *exchange) expired() <-chan time.Time {
	if x.timer == nil {
		return nil
	}
	return x.timer.C
}
