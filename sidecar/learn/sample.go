package learn

// groups is how many groups the sources are divided into. Each has room of its
// own for what is not known yet, so that a stranger fills that of one group.
const groups = 64

// groupOf is the group of a source.
func groupOf(source uint64) int { return int(source >> 24 % groups) }

// sample keeps, of each group of sources, the items with the smallest salted
// hashes, as many as there is room for; the zero value is empty. What is kept in
// the end is what was kept from its first observation on, because the limit only
// falls: so the order does not matter. room must be the same in every call.
type sample[T any] struct {
	rooms [groups]map[uint64]*T // by salted hash; nil when empty
	// limit is the largest hash that a full group still takes.
	limit [groups]uint64
}

// full reports whether a group takes no new item of this hash.
func (s *sample[T]) full(group int, salted uint64, room int) bool {
	return len(s.rooms[group]) >= room && salted > s.limit[group]
}

// place puts an item into its group and returns how many, 0 or 1, had to leave.
func (s *sample[T]) place(group int, salted uint64, room int, it *T) (dropped uint64) {
	if s.rooms[group] == nil {
		s.rooms[group] = make(map[uint64]*T)
	}
	kept := s.rooms[group]
	kept[salted] = it
	if len(kept) > room {
		delete(kept, largest(kept))
		dropped = 1
	}
	s.settle(group, room)
	return dropped
}

// settle finds the limit of a group that is full.
func (s *sample[T]) settle(group, room int) {
	if kept := s.rooms[group]; len(kept) >= room {
		s.limit[group] = largest(kept)
	}
}

// join adds the items of o that there is room for and returns how many had to
// leave. empty makes the item that o's is then added to; o is not changed.
func (s *sample[T]) join(o *sample[T], room int, empty func(*T) *T, add func(mine, its *T)) (dropped uint64) {
	for group, its := range o.rooms {
		for salted, it := range its {
			mine := s.rooms[group][salted]
			if mine == nil {
				if s.full(group, salted, room) {
					continue
				}
				mine = empty(it)
				dropped += s.place(group, salted, room, mine)
			}
			add(mine, it)
		}
	}
	return dropped
}

func largest[T any](room map[uint64]*T) uint64 {
	top := uint64(0)
	for salted := range room {
		top = max(top, salted)
	}
	return top
}
