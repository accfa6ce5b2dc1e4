package learn

import (
	"fmt"
	"maps"
	"slices"

	"github.com/glacis-waf/glacis/core/profile"
)

// stateVersion is the version of AppendState's form. There is no reading of
// another: what was learned is then learned anew.
const stateVersion = 5

// AppendState appends all that the learner knows, the window at hand included.
// The same state gives the same bytes.
func (l *Learner) AppendState(dst []byte) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &coder{buf: dst}
	l.code(c)
	return c.buf
}

// LoadState replaces what a learner knows by what AppendState wrote. Assets that
// are no longer configured are left out. The data come from a store that
// checks them: they are read with care, but what they say is believed.
func (l *Learner) LoadState(data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := &Learner{cfg: l.cfg, assets: make(map[string]*asset)}
	c := &coder{buf: data, reading: true}
	fresh.code(c)
	if c.bad || c.at != len(data) {
		return fmt.Errorf("load learning state: malformed at byte %d of %d", c.at, len(data))
	}
	if len(l.cfg.Assets) > 0 {
		kept := make(map[string]*asset)
		for _, rule := range l.cfg.Assets {
			if kept[rule.Name] = fresh.assets[rule.Name]; kept[rule.Name] == nil {
				kept[rule.Name] = newAsset(rule)
			}
			kept[rule.Name].rule = rule
		}
		fresh.assets = kept
	}
	l.assets, l.window, l.generation = fresh.assets, fresh.window, fresh.generation
	l.decisions, l.audit, l.counts = fresh.decisions, fresh.audit, fresh.counts
	l.hosts = fresh.hosts
	return nil
}

// Window returns the number of the window at hand, 0 before the first.
func (l *Learner) Window() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.window
}

func (l *Learner) code(c *coder) {
	version := uint8(stateVersion)
	if number(c, &version); version != stateVersion {
		c.bad = true
		return
	}
	number(c, &l.window)
	number(c, &l.generation)
	for _, n := range []*uint64{&l.counts.Records, &l.counts.Malformed, &l.counts.Unassigned, &l.counts.Evicted, &l.counts.Dropped, &l.counts.Expired} {
		number(c, n)
	}
	list(c, &l.decisions, func(d *Decision) {
		c.text(&d.Asset, &d.Method, &d.Template, &d.Location, &d.Indicator, &d.Action, &d.Who, &d.Why)
		number(c, &d.When)
		number(c, &d.Expires)
	})
	list(c, &l.audit, func(e *Entry) { e.code(c) })
	table(c, l.assets, func(name string, a *asset) *asset {
		c.text(&name)
		if a == nil {
			a = newAsset(AssetRule{Name: name})
		}
		a.code(c)
		l.assets[name] = a
		return a
	})
	l.hosts.code(c)
}

func (a *asset) code(c *coder) {
	c.text(&a.rule.Host, &a.rule.Base)
	number(c, &a.bytes)
	for _, n := range []*uint64{&a.evicted, &a.expired, &a.dropped} {
		number(c, n)
	}
	table(c, a.entries, func(key uint64, t *entry) *entry {
		if t == nil {
			t = new(entry)
		}
		t.key = key
		number(c, &t.key)
		t.item.code(c)
		c.flag(&t.admitted)
		list(c, &t.periods, func(p *period) {
			number(c, &p.number)
			p.evidence.code(c)
		})
		a.entries[t.key] = t
		return t
	})
	table(c, a.conduct, func(n int64, s *conduct) *conduct {
		if s == nil {
			s = new(conduct)
		}
		number(c, &n)
		s.code(c)
		a.conduct[n] = s
		return s
	})
	a.delta.code(c)
	frozen := a.frozen != nil
	if c.flag(&frozen); frozen {
		if a.frozen == nil {
			a.frozen = new(knowledge)
		}
		a.frozen.code(c)
	}
	if c.reading {
		a.index()
	}
}

func (it *item) code(c *coder) { c.text(&it.method, &it.template, &it.location) }

func (s *conduct) code(c *coder) {
	list(c, &s.bits, func(w *uint64) { number(c, w) })
	if len(s.bits) != 0 && len(s.bits) != conductBits/64 {
		c.bad = true
	}
}

func (d *delta) code(c *coder) {
	number(c, &d.dropped)
	d.conduct.code(c)
	table(c, d.known, func(key uint64, e *evidence) *evidence {
		if e == nil {
			e = new(evidence)
		}
		number(c, &key)
		e.code(c)
		d.known[key] = e
		return e
	})
	for group := range d.strays.rooms {
		room := d.strays.rooms[group]
		if room == nil {
			room = make(map[uint64]*stray)
		}
		table(c, room, func(salted uint64, s *stray) *stray {
			if s == nil {
				s = new(stray)
			}
			number(c, &salted)
			number(c, &s.key)
			s.item.code(c)
			s.evidence.code(c)
			room[salted] = s
			return s
		})
		if c.reading && len(room) > 0 {
			d.strays.rooms[group] = room
		}
		d.strays.settle(group, strayRoom)
	}
}

func (e *evidence) code(c *coder) {
	for i := range e.voters {
		number(c, &e.voters[i])
	}
	number(c, &e.windows)
	c.raw(e.requests[:])
	for _, ballots := range [][]ballot{e.types[:], e.lengths[:], e.classes[:]} {
		for i := range ballots {
			number(c, &ballots[i])
		}
	}
	c.raw(e.distinct[:])
	number(c, &e.cuts)
	list(c, &e.values, func(v *value) {
		number(c, &v.hash)
		number(c, &v.ballot)
	})
	c.flag(&e.many)
	e.extent.code(c)
	if c.reading {
		e.marks = make(map[uint32]*mark)
	}
	table(c, e.marks, func(key uint32, m *mark) *mark {
		if m == nil {
			m = new(mark)
		}
		number(c, &key)
		for _, n := range []*uint8{&m.family, &m.level, &m.score} {
			number(c, n)
		}
		list(c, (*[]uint64)(&m.sources), func(h *uint64) { number(c, h) })
		list(c, (*[]uint64)(&m.seen), func(h *uint64) { number(c, h) })
		number(c, &m.windows)
		number(c, &m.shown)
		m.extent.code(c)
		c.raw(m.requests[:])
		c.text(&m.example)
		e.marks[key] = m
		return m
	})
	if len(e.marks) == 0 {
		e.marks = nil
	}
}

func (k *knowledge) code(c *coder) {
	number(c, &k.flags)
	list(c, &k.nodes, func(n *profile.Node) {
		number(c, &n.Key)
		number(c, &n.Flags)
	})
	list(c, &k.records, func(r *profile.Record) {
		number(c, &r.Key)
		number(c, &r.Flags)
		number(c, &r.Types)
		number(c, &r.Classes)
		number(c, &r.Lengths)
		number(c, &r.Sources)
		list(c, &r.Enums, func(v *uint32) { number(c, v) })
		list(c, &r.Familiar, func(v *uint16) { number(c, v) })
		list(c, &r.Confirmed, func(v *uint16) { number(c, v) })
		number(c, &r.Votes)
		number(c, &r.Windows)
	})
}

// table walks a map in the order of its keys. When reading, each is called with
// zero values and puts what it read into the map itself.
func table[K interface {
	~string | ~int64 | ~uint64 | ~uint32
}, V any](c *coder, m map[K]*V, each func(K, *V) *V) {
	n := c.length(len(m))
	if !c.reading {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			each(key, m[key])
		}
		return
	}
	for range n {
		if c.bad {
			return
		}
		var key K
		each(key, nil)
	}
}
