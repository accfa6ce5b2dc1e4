package guest

// table finds streams by their context id: open addressing with linear probing.
// Ids are used once, ascending, millions of them; a map of Go would be rebuilt
// now and then because of what was deleted, this never.
type table struct {
	slots []slot // a power of two of them, at most half in use
	used  int
}

type slot struct {
	id     uint32 // 0: free; the host numbers from 1
	stream *stream
}

// home is where an id belongs (Fibonacci hashing).
func (t *table) home(id uint32) int {
	return int(id*2654435769>>8) & (len(t.slots) - 1)
}

func (t *table) get(id uint32) *stream {
	if len(t.slots) == 0 || id == 0 {
		return nil
	}
	for i := t.home(id); t.slots[i].id != 0; i = (i + 1) & (len(t.slots) - 1) {
		if t.slots[i].id == id {
			return t.slots[i].stream
		}
	}
	return nil
}

// put adds an id that is not in the table.
func (t *table) put(id uint32, s *stream) {
	if 2*t.used >= len(t.slots) {
		old := t.slots
		t.slots = make([]slot, max(64, 2*len(old)))
		for _, o := range old {
			if o.id != 0 {
				t.place(o)
			}
		}
	}
	t.place(slot{id, s})
	t.used++
}

func (t *table) place(s slot) {
	i := t.home(s.id)
	for t.slots[i].id != 0 {
		i = (i + 1) & (len(t.slots) - 1)
	}
	t.slots[i] = s
}

// remove takes an id out and closes the gap that it leaves (Knuth, volume 3,
// section 6.4, algorithm R), so that no tombstones gather.
func (t *table) remove(id uint32) *stream {
	if len(t.slots) == 0 || id == 0 {
		return nil
	}
	mask := len(t.slots) - 1
	i := t.home(id)
	for t.slots[i].id != id {
		if t.slots[i].id == 0 {
			return nil
		}
		i = (i + 1) & mask
	}
	s := t.slots[i].stream
	for j := (i + 1) & mask; t.slots[j].id != 0; j = (j + 1) & mask {
		if home := t.home(t.slots[j].id); (j-home)&mask >= (j-i)&mask {
			t.slots[i] = t.slots[j]
			i = j
		}
	}
	t.slots[i] = slot{}
	t.used--
	return s
}
