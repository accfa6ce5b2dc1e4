package guest

import (
	"math/rand/v2"
	"testing"
)

// TestTable holds the table to a map, with ids as hosts give them: ascending,
// deleted in any order.
func TestTable(t *testing.T) {
	var table table
	want := map[uint32]*stream{}
	r := rand.New(rand.NewPCG(1, 2))
	var live []uint32
	for id := uint32(1); id < 100_000; id++ {
		s := new(stream)
		table.put(id, s)
		want[id] = s
		live = append(live, id)
		for len(live) > 200 || len(live) > 0 && r.IntN(2) == 0 {
			i := r.IntN(len(live))
			gone := live[i]
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
			if got := table.remove(gone); got != want[gone] {
				t.Fatalf("remove(%d) returned another stream", gone)
			}
			delete(want, gone)
			if table.get(gone) != nil {
				t.Fatalf("%d is still there", gone)
			}
		}
		if id%97 == 0 {
			for id, s := range want {
				if table.get(id) != s {
					t.Fatalf("%d is lost", id)
				}
			}
		}
	}
	if table.used != len(want) || len(table.slots) > 1024 {
		t.Errorf("%d of %d slots in use for %d streams", table.used, len(table.slots), len(want))
	}
	if table.get(0) != nil || table.remove(0) != nil || table.remove(1<<31) != nil {
		t.Error("found what was never put in")
	}
}

func TestTableAllocatesNothing(t *testing.T) {
	var table table
	s, id := new(stream), uint32(0)
	if n := testing.AllocsPerRun(10_000, func() {
		id++
		table.put(id, s)
		table.remove(id)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
