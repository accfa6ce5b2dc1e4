package learn

import (
	"maps"
	"math/rand/v2"
	"testing"
)

// add places a hash unless the group is full for it.
func add(s *sample[uint64], group int, salted uint64, room int) {
	if s.rooms[group][salted] == nil && !s.full(group, salted, room) {
		s.place(group, salted, room, &salted)
	}
}

// Whatever the order, and however the items are split over samples that are then
// joined, the smallest hashes of each group remain.
func TestSampleOrder(t *testing.T) {
	const room, n = 5, 100
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var parts [3]sample[uint64]
		for _, i := range r.Perm(n) {
			add(&parts[r.IntN(len(parts))], 7, uint64(i), room)
		}
		var all sample[uint64]
		for _, i := range r.Perm(len(parts)) {
			all.join(&parts[i], room, func(v *uint64) *uint64 { return v }, func(*uint64, *uint64) {})
		}
		kept := maps.Clone(all.rooms[7])
		for i := range uint64(room) {
			delete(kept, i)
		}
		if len(all.rooms[7]) != room || len(kept) != 0 || all.limit[7] != room-1 {
			t.Fatalf("kept %v, limit %d", all.rooms[7], all.limit[7])
		}
	}
}

// What leaves a full group is counted, and the other groups keep their room.
func TestSampleDropped(t *testing.T) {
	var s sample[uint64]
	left := uint64(0)
	for i := range uint64(8) {
		v := 100 - i
		left += s.place(0, v, 5, &v)
	}
	if left != 3 || s.full(1, 1000, 5) || !s.full(0, 98, 5) || s.full(0, 90, 5) {
		t.Errorf("%d left; %v", left, s.limit[:2])
	}
}
