package straight

import (
	"reflect"
	"testing"
)

// TestLoops finds the loops of functions that are given by their jumps.
func TestLoops(t *testing.T) {
	for _, c := range []struct {
		name  string
		jumps []jump
		want  []span
	}{
		{"none", []jump{{0, 1}, {1, 3}, {1, 2}}, nil},
		{"head first", []jump{{0, 1}, {1, 2}, {2, 1}, {1, 3}}, []span{{1, 2, 1}}},
		{"head last, as Go has it", []jump{{0, 3}, {1, 2}, {2, 3}, {3, 1}, {3, 4}}, []span{{1, 3, 3}}},
		{"one segment", []jump{{0, 1}, {1, 1}, {1, 2}}, []span{{1, 1, 1}}},
		{"from the beginning", []jump{{0, 1}, {1, 0}}, []span{{0, 1, 0}}},
		{"nested", []jump{{0, 1}, {1, 2}, {2, 3}, {3, 2}, {3, 4}, {4, 1}, {4, 5}}, []span{{1, 4, 1}, {2, 3, 2}}},
		{"one after the other", []jump{{0, 1}, {1, 1}, {1, 2}, {2, 3}, {3, 2}}, []span{{1, 1, 1}, {2, 3, 2}}},
		{"entered at two places", []jump{{0, 1}, {0, 2}, {1, 2}, {2, 1}}, nil},
		{"where a goroutine waits", []jump{{0, 1}, {outside, 2}, {1, 2}, {2, 1}}, nil},
		{"that it comes back to by the head", []jump{{0, 1}, {outside, 1}, {1, 2}, {2, 1}}, []span{{1, 2, 1}}},
		{"two heads in one", []jump{{0, 2}, {1, 2}, {2, 3}, {3, 2}, {3, 1}}, []span{{2, 3, 2}}},
		{"crossing, and only one entered once", []jump{{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}, {4, 2}}, []span{{2, 4, 2}}},
	} {
		s := shape{jumps: append([]jump{{outside, 0}}, c.jumps...)}
		if got := s.loops(); !reflect.DeepEqual(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestArrange checks the order in which segments are written: a loop's head
// first, inner loops as a whole.
func TestArrange(t *testing.T) {
	r := &region{span: span{0, 6, 0}}
	arrange(r, []span{{1, 4, 3}, {2, 2, 2}})
	var order []int
	var walk func(r *region)
	walk = func(r *region) {
		for _, it := range r.items {
			if it.loop != nil {
				walk(it.loop)
				continue
			}
			order = append(order, it.start)
		}
	}
	walk(r)
	if want := []int{0, 3, 4, 1, 2, 5, 6}; !reflect.DeepEqual(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
	if it := r.items[1]; it.loop == nil || it.start != 3 {
		t.Errorf("the loop is entered by %d, want 3", it.start)
	}
}
