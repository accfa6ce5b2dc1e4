package learn

import "github.com/glacis-waf/glacis/core/profile"

// strayRoom is how many items that the state does not know a delta keeps of each
// group of sources.
const strayRoom = 128

// item names an endpoint (location "") or a parameter.
type item struct {
	method, template, location string
}

// delta is the evidence of one asset in one window.
type delta struct {
	known   map[uint64]*evidence
	strays  sample[stray]
	conduct conduct
	dropped uint64
}

// stray is the evidence that one group of sources gave of an unknown item.
type stray struct {
	item     item
	key      uint64 // of the item; the map's keys are salted
	evidence evidence
}

func newDelta() *delta { return &delta{known: make(map[uint64]*evidence)} }

// at returns the evidence to add to, nil if there is no room for the item.
func (d *delta) at(key uint64, known bool, it item, source, salt uint64) *evidence {
	if known {
		e := d.known[key]
		if e == nil {
			e = new(evidence)
			d.known[key] = e
		}
		return e
	}
	group := groupOf(source)
	salted := mix(key^salt, uint64(group)+1)
	if s := d.strays.rooms[group][salted]; s != nil {
		return &s.evidence
	}
	if d.strays.full(group, salted, strayRoom) {
		d.dropped++
		return nil
	}
	s := &stray{item: it, key: key}
	d.dropped += d.strays.place(group, salted, strayRoom, s)
	return &s.evidence
}

// join adds all that o holds; o is not changed, but shares nothing with d.
func (d *delta) join(o *delta) {
	for key, e := range o.known {
		d.at(key, true, item{}, 0, 0).join(e)
	}
	d.dropped += d.strays.join(&o.strays, strayRoom, func(s *stray) *stray { return &stray{item: s.item, key: s.key} },
		func(mine, s *stray) { mine.evidence.join(&s.evidence) })
	d.conduct.join(&o.conduct)
	d.dropped += o.dropped
}

// conduct remembers which sources behaved well when: a Bloom filter (1970) of
// pairs of a source and a window, with two hashes. Windows count modulo
// conductSlots.
type conduct struct{ bits []uint64 }

const (
	conductBits  = 1 << 20
	conductSlots = 8
	// established is in how many slots a source must have behaved well before
	// its votes for indicators count.
	established = 3
)

func (s *conduct) add(source uint64, window int64) {
	if s.bits == nil {
		s.bits = make([]uint64, conductBits/64)
	}
	a, b := conductAt(source, uint64(window)%conductSlots)
	s.bits[a>>6] |= 1 << (a & 63)
	s.bits[b>>6] |= 1 << (b & 63)
}

func conductAt(source, slot uint64) (uint64, uint64) {
	h := mix(source, slot+11)
	return h % conductBits, h >> 32 % conductBits
}

func (s *conduct) join(o *conduct) {
	if o.bits == nil {
		return
	}
	if s.bits == nil {
		s.bits = make([]uint64, conductBits/64)
	}
	for i, w := range o.bits {
		s.bits[i] |= w
	}
}

// trusts reports whether a source is established.
func (s *conduct) trusts(source uint64) bool {
	if s.bits == nil {
		return false
	}
	n := 0
	for slot := uint64(0); slot < conductSlots; slot++ {
		a, b := conductAt(source, slot)
		if s.bits[a>>6]>>(a&63)&1 != 0 && s.bits[b>>6]>>(b&63)&1 != 0 {
			n++
		}
	}
	return n >= established
}

// company says whether the rest of a request speaks for its indicators: it was
// answered well or not at all, nothing in it is critical, and what scored
// stands in one place.
func company(o *profile.Observation) bool {
	if o.Status == 4 || o.Status == 5 || o.Flags&profile.RecordCritical != 0 {
		return false
	}
	var place []byte
	for i := range o.Indicators {
		x := &o.Indicators[i]
		switch {
		case x.Level == 3:
			return false
		case x.Level == 0:
		case place == nil:
			place = x.Location
		case string(x.Location) != string(place):
			return false
		}
	}
	return true
}
