package straight

import "slices"

// span is a loop: the segments from first to last, of which it is entered by
// head only. Go puts a loop's head, the condition, behind its body.
type span struct{ first, last, head int }

// has says whether a segment is in the loop.
func (l span) has(u int) bool { return l.first <= u && u <= l.last }

// loops finds the loops that can be loops of their own: they are entered at one
// place only, and by the table at most there, because no goroutine waits inside.
// They are nested or apart; outer ones come first.
func (s *shape) loops() []span {
	last := map[int]int{}
	for _, j := range s.jumps {
		if j.from >= j.to {
			last[j.to] = max(last[j.to], j.from)
		}
	}
	var list []span
	for first, last := range last {
		if l := (span{first, last, -1}); s.enter(&l) {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b span) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return b.last - a.last
	})
	return slices.DeleteFunc(slices.Clone(list), func(l span) bool {
		return slices.ContainsFunc(list, func(o span) bool {
			crosses := o.has(l.first) && o.first < l.first && l.last > o.last
			// a head that is also an inner loop's would be two places in one
			return crosses || o != l && l.has(o.first) && l.has(o.last) && o.has(l.head)
		})
	})
}

// enter finds the one place where a loop is entered.
func (s *shape) enter(l *span) bool {
	for _, j := range s.jumps {
		if !l.has(j.to) || l.has(j.from) {
			continue
		}
		if l.head >= 0 && l.head != j.to {
			return false
		}
		l.head = j.to
	}
	return l.head >= 0
}

// region is a loop, or the whole function, in the order in which it is written.
type region struct {
	span
	items []item
}

// item is a segment or a loop in a region.
type item struct {
	start int // the segment by which it is entered
	loop  *region
}

// arrange puts the segments of a region and its loops in order, its head first.
// Of the loops, which are the inner ones and perhaps others, it takes its own.
func arrange(r *region, loops []span) {
	var before, behind []item
	for u := r.first; u <= r.last; u++ {
		it := item{start: u}
		last := u
		for _, l := range loops {
			if l.first == u && l.last <= r.last {
				it.loop = &region{span: l}
				arrange(it.loop, loops[slices.Index(loops, l)+1:])
				it.start, last = l.head, l.last
				break
			}
		}
		if u < r.head {
			behind = append(behind, it)
		} else {
			before = append(before, it)
		}
		u = last
	}
	r.items = append(before, behind...)
}
