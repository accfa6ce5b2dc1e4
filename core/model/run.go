package model

// StampSize is the size of the table that lets a feature count once in a run:
// pairs of places, the newer feature first.
const StampSize = 1024

// StampMask takes the index of a feature's pair from its hash.
const StampMask = StampSize - 2

// Drop is how far, in nats, the sum of a run may fall below its peak before the
// run ends: what came before an attack then takes no part in its score, and
// the features it used are free again.
const Drop = 4

// walk is the state of a search for the best run: Kadane's maximum subarray
// over features of which each counts once in a run.
type walk struct {
	stamp [StampSize]uint64
	epoch uint64
	sum   int
	peak  int
	top   int
}

// begin forgets the runs so far.
func (k *walk) begin() {
	k.epoch++
	k.sum, k.peak, k.top = 0, 0, 0
}

// fresh reports whether the run at hand has not had this feature yet, and marks
// it as had.
func (k *walk) fresh(h uint32) bool {
	tag := k.epoch<<32 | uint64(h)
	i := h & StampMask
	if k.stamp[i] == tag || k.stamp[i+1] == tag {
		return false
	}
	k.stamp[i+1] = k.stamp[i]
	k.stamp[i] = tag
	return true
}

// settle closes a step. It reports whether the run ended and whether it is the
// best so far.
func (k *walk) settle(drop int) (bool, bool) {
	if k.sum <= 0 || k.sum <= k.peak-drop {
		k.sum, k.peak = 0, 0
		k.epoch++
		return true, false
	}
	if k.sum > k.peak {
		k.peak = k.sum
		if k.sum > k.top {
			k.top = k.sum
			return false, true
		}
	}
	return false, false
}
