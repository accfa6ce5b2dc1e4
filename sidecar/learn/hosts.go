package learn

import (
	"cmp"
	"slices"

	"github.com/glacis-waf/glacis/core/profile"
)

// Where no assets are declared, every host is one: but a host is what the client
// writes into a header. So one becomes an asset only when enough sources asked
// for it, and until then all that is kept of it is who did.

// hostRoom is how many hosts each group of sources can propose in a period; a
// stranger fills the room of one group.
const hostRoom = 32

// hosts are the candidates of one period: of each group of sources the hostRoom
// with the smallest salted hashes. It joins.
type hosts struct {
	number int64 // of the period
	sample[hostSeen]
	// dropped counts observations for which there was no room.
	dropped uint64
}

// hostSeen is a host and its sources.
type hostSeen struct {
	name    string
	sources voters
}

// add notes that a source asked for a host.
func (h *hosts) add(name []byte, source, salt uint64) {
	group := groupOf(source)
	salted := mix(profile.Hash(name)^salt^uint64(h.number), uint64(group)+1)
	if seen := h.rooms[group][salted]; seen != nil {
		seen.sources.add(source)
		return
	}
	if h.full(group, salted, hostRoom) {
		h.dropped++
		return
	}
	seen := &hostSeen{name: string(name)}
	seen.sources.add(source)
	h.dropped += h.place(group, salted, hostRoom, seen)
}

// join adds the candidates of the same period.
func (h *hosts) join(o *hosts) {
	if o.number != h.number {
		return
	}
	h.dropped += h.sample.join(&o.sample, hostRoom, func(seen *hostSeen) *hostSeen { return &hostSeen{name: seen.name} },
		func(mine, seen *hostSeen) { mine.sources.join(&seen.sources) })
	h.dropped += o.dropped
}

// elect returns the hosts that enough sources asked for, those of most first.
func (h *hosts) elect() []hostSeen {
	all := make(map[string]*voters)
	for _, room := range h.rooms {
		for _, seen := range room {
			v := all[seen.name]
			if v == nil {
				v = new(voters)
				all[seen.name] = v
			}
			v.join(&seen.sources)
		}
	}
	var out []hostSeen
	for name, v := range all {
		if v.count() >= admission {
			out = append(out, hostSeen{name, *v})
		}
	}
	slices.SortFunc(out, func(a, b hostSeen) int {
		return cmp.Or(cmp.Compare(b.sources.count(), a.sources.count()), cmp.Compare(a.name, b.name))
	})
	return out
}

// code reads or writes the candidates.
func (h *hosts) code(c *coder) {
	number(c, &h.number)
	number(c, &h.dropped)
	for group := range h.rooms {
		if c.reading {
			h.rooms[group] = make(map[uint64]*hostSeen)
		}
		room := h.rooms[group]
		table(c, room, func(salted uint64, seen *hostSeen) *hostSeen {
			if seen == nil {
				seen = new(hostSeen)
			}
			number(c, &salted)
			c.text(&seen.name)
			for i := range seen.sources {
				number(c, &seen.sources[i])
			}
			room[salted] = seen
			return seen
		})
		h.settle(group, hostRoom)
	}
}

// admitHosts makes assets of the hosts that enough sources asked for, when a
// window has closed. If there is no room, a host takes the place of an asset
// that fewer sources use, of which no operator has said anything.
func (l *Learner) admitHosts(next int64) {
	if len(l.cfg.Assets) > 0 {
		return
	}
	for name, a := range l.assets {
		if len(a.entries) == 0 && a.expired+a.evicted > 0 && !l.kept(a) {
			l.retire(name)
		}
	}
	ranks := make(map[string]int)
	for name, a := range l.assets {
		if !l.kept(a) {
			ranks[name] = a.sources()
		}
	}
	for _, host := range l.hosts.elect() {
		if l.assets[host.name] != nil {
			continue
		}
		if len(l.assets) >= l.cfg.MaxAssets {
			least, ok := weakest(ranks)
			if !ok || ranks[least] >= host.sources.count() {
				break // those that follow have no more sources
			}
			l.retire(least)
			delete(ranks, least)
		}
		l.assets[host.name] = newAsset(AssetRule{Name: host.name, Host: host.name, Base: "/"})
	}
	if number := l.periodOf(next); number != l.hosts.number {
		l.hosts = hosts{number: number, dropped: l.hosts.dropped}
	}
}

// retire forgets an asset, but not what was counted of it.
func (l *Learner) retire(name string) {
	a := l.assets[name]
	l.counts.Evicted += a.evicted + 1
	l.counts.Expired += a.expired
	l.counts.Dropped += a.dropped + a.delta.dropped
	delete(l.assets, name)
}

// kept reports whether an operator has said something about an asset.
func (l *Learner) kept(a *asset) bool {
	return a.frozen != nil || slices.ContainsFunc(l.decisions, func(d Decision) bool { return d.Asset == a.rule.Name })
}

// weakest is the asset with the fewest sources.
func weakest(ranks map[string]int) (name string, ok bool) {
	for n, sources := range ranks {
		if !ok || sources < ranks[name] || sources == ranks[name] && n > name {
			name, ok = n, true
		}
	}
	return name, ok
}

// sources is the largest number of sources in one period of anything in it.
func (a *asset) sources() int {
	n := 0
	for _, t := range a.entries {
		n = max(n, t.sources())
	}
	return n
}

// periodOf is the number of the period of a window.
func (l *Learner) periodOf(window int64) int64 { return window / int64(l.cfg.Period/l.cfg.Window) }
