package learn

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/glacis-waf/glacis/core/profile"
)

// Snapshot returns the profile that the state amounts to. The same state gives
// the same bytes.
func (l *Learner) Snapshot(now int64) ([]byte, error) { return profile.Encode(l.Content(now)) }

// Content is Snapshot before it is encoded, so that learners of different
// assets can be put together.
func (l *Learner) Content(now int64) *profile.Content {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &profile.Content{Generation: l.generation, Created: now}
	for _, name := range l.names() {
		a := l.assets[name]
		known := a.frozen
		if known == nil {
			known = l.know(a)
		}
		c.Assets = append(c.Assets, profile.Asset{Name: name, Host: a.rule.Host, Base: a.rule.Base, Flags: known.flags})
		c.Nodes = append(c.Nodes, known.nodes...)
		c.Params = append(c.Params, known.records...)
	}
	return c
}

// knowledge is what a snapshot says of one asset.
type knowledge struct {
	flags   uint8
	nodes   []profile.Node
	records []profile.Record
}

// know sums up an asset.
func (l *Learner) know(a *asset) *knowledge {
	k := &knowledge{nodes: a.nodeList(&l.cfg), records: l.records(a)}
	if l.maturity(a).Level >= Settled {
		k.flags = profile.AssetMature
	}
	return k
}

// records makes the records of an asset.
func (l *Learner) records(a *asset) []profile.Record {
	var out []profile.Record
	for _, t := range a.entries {
		if t.admitted && t.location != "" {
			if r, ok := l.record(a, t); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// nodeList lists the prefixes of all admitted endpoints.
func (a *asset) nodeList(cfg *Config) []profile.Node {
	out := make([]profile.Node, 0, len(a.nodes))
	for key := range a.nodes {
		n := profile.Node{Key: key}
		if t := a.entries[key]; t != nil && t.admitted && t.location == "" {
			n.Flags = profile.NodeEndpoint
			if t.mature(cfg) && !t.cut(cfg) {
				n.Flags |= profile.NodeMature
			}
		}
		out = append(out, n)
	}
	return out
}

// cut reports whether requests to an endpoint have more parameters than
// records hold: what is not known of it may then well be normal.
func (t *entry) cut(cfg *Config) bool {
	for i := range t.periods {
		p := &t.periods[i]
		if p.cuts.count() >= max(admission, p.voters.count()*cfg.Share/100) {
			return true
		}
	}
	return false
}

// record sums up the periods of a parameter: what enough sources sent in any
// of them is normal.
func (l *Learner) record(a *asset, t *entry) (profile.Record, bool) {
	r := profile.Record{Key: t.key, Sources: uint16(min(t.sources(), 1<<16-1))}
	mature, enum := false, true
	values := map[uint32]bool{}
	for i := range t.periods {
		p := &t.periods[i]
		need := max(admission, p.voters.count()*l.cfg.Share/100)
		r.Types |= uint32(set(p.types[:], need))
		r.Lengths |= uint16(set(p.lengths[:], need))
		r.Classes |= uint32(set(p.classes[:], need))
		mature = mature || p.mature(&l.cfg)
		enum = enum && !p.many
		for _, v := range p.values {
			values[v.hash] = true
			enum = enum && v.ballot.count() >= need
		}
	}
	if mature && r.Types != 0 {
		r.Flags |= profile.RecordMature
	}
	if enum && mature && r.Types&^enumTypes == 0 && r.Lengths>>maxEnumLength == 0 && len(values) <= profile.MaxEnums {
		r.Flags |= profile.RecordEnum
		r.Enums = slices.Sorted(maps.Keys(values))
	}
	l.familiar(a, t, &r)
	return r, r.Types != 0 || len(r.Familiar)+len(r.Confirmed) > 0
}

// Only short words and numbers make an enumeration.
const (
	enumTypes     = 1<<profile.Empty | 1<<profile.Int | 1<<profile.Word | 1<<profile.Token
	maxEnumLength = 6
)

// set returns the features with enough voters, as bits.
func set(ballots []ballot, need int) uint64 {
	need = min(need, 60) // a ballot counts up to 110, roughly
	bits := uint64(0)
	for i, b := range ballots {
		if b.count() >= need {
			bits |= 1 << i
		}
	}
	return bits
}

// token is an indicator that may be familiar.
type token struct {
	key            uint32
	level          uint8
	votes, windows int
	confirmed      bool
}

// familiar lists the indicators that belong to a parameter: those that enough
// established sources showed in enough windows of one period, and those that an
// operator confirmed. Revoked ones are none. Where there are too many, the
// confirmed come first, then the higher levels, then those with more votes.
func (l *Learner) familiar(a *asset, t *entry, r *profile.Record) {
	found := make(map[uint32]token)
	for i := range t.periods {
		p := &t.periods[i]
		need := min(max(l.cfg.Votes, p.voters.count()*l.cfg.Share/100), maxVoters)
		for key, m := range p.marks {
			x := token{key: key, level: m.level, votes: a.votes(p.number, m), windows: m.windows.count()}
			confirmed, revoked := l.decided(a.rule.Name, t, key)
			if x.confirmed = confirmed; revoked || !confirmed && (x.votes < need || x.windows < indicatorWindows) {
				continue
			}
			if old, ok := found[key]; !ok || x.votes > old.votes {
				x.level = max(x.level, old.level)
				found[key] = x
			}
		}
	}
	l.addConfirmed(a.rule.Name, t, found)
	list := slices.SortedFunc(maps.Values(found), func(a, b token) int {
		if a.confirmed != b.confirmed {
			if a.confirmed {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.level, a.level), cmp.Compare(b.votes, a.votes), cmp.Compare(a.key, b.key))
	})
	if len(list) > profile.MaxFamiliar {
		list = list[:profile.MaxFamiliar]
	}
	for i, x := range list {
		if i == 0 || x.votes < int(r.Votes) {
			r.Votes = uint16(x.votes)
		}
		if i == 0 || x.windows < int(r.Windows) {
			r.Windows = uint8(x.windows)
		}
		if x.confirmed {
			r.Confirmed = append(r.Confirmed, profile.Print(x.key))
		} else {
			r.Familiar = append(r.Familiar, profile.Print(x.key))
		}
	}
}

// addConfirmed adds the indicators that an operator confirmed and the evidence
// has no room for, or has forgotten: decisions outlive it.
func (l *Learner) addConfirmed(asset string, t *entry, found map[uint32]token) {
	for i := range l.decisions {
		d := &l.decisions[i]
		if d.Action != Confirm || d.Indicator == "" || !d.about(asset, t) {
			continue
		}
		n, err := strconv.ParseUint(d.Indicator, 16, 32)
		if err != nil {
			continue
		}
		key := uint32(n)
		if _, ok := found[key]; ok {
			continue
		}
		if confirmed, _ := l.decided(asset, t, key); confirmed {
			found[key] = token{key: key, level: 3, confirmed: true}
		}
	}
}

// indicatorWindows is in how many windows an indicator must have been seen.
const indicatorWindows = 4

// votes counts the sources of an indicator that are established.
func (a *asset) votes(number int64, m *mark) int { return a.established(number, m.sources) }

// established counts those that behaved well in a period.
func (a *asset) established(number int64, sources sampled) int {
	c := a.conduct[number]
	if c == nil {
		return 0
	}
	n := 0
	for _, s := range sources {
		if c.trusts(s) {
			n++
		}
	}
	return n
}
