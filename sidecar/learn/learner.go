package learn

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/glacis-waf/glacis/core/profile"
)

// Batch is a number of observation records of one wrapper. Applying a batch
// again changes nothing, so it may be delivered more than once.
type Batch struct {
	// ID names the batch; it is random.
	ID [16]byte
	// Records are records of profile.AppendRecord.
	Records [][]byte
}

// Learner is the state of all assets. It is safe for concurrent use.
type Learner struct {
	mu         sync.Mutex
	cfg        Config
	assets     map[string]*asset
	window     int64
	generation uint64
	decisions  []Decision
	audit      []Entry
	counts     Counts
	seen       profile.Observation
	hosts      hosts
}

// Counts says what became of observations.
type Counts struct {
	// Records were applied. Malformed ones were refused whole.
	Records   uint64 `json:"observations"`
	Malformed uint64 `json:"malformed"`
	// Unassigned belong to no asset, or to a host that is none yet.
	Unassigned uint64 `json:"unassigned"`
	// Evicted and Dropped items had no room; Expired ones were too old.
	Evicted uint64 `json:"evicted"`
	Dropped uint64 `json:"dropped"`
	Expired uint64 `json:"expired"`
}

// Add adds the counts of another learner.
func (c *Counts) Add(o Counts) {
	c.Records, c.Malformed, c.Unassigned = c.Records+o.Records, c.Malformed+o.Malformed, c.Unassigned+o.Unassigned
	c.Evicted, c.Dropped, c.Expired = c.Evicted+o.Evicted, c.Dropped+o.Dropped, c.Expired+o.Expired
}

// New makes a Learner.
func New(cfg Config) (*Learner, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	l := &Learner{cfg: cfg, assets: make(map[string]*asset)}
	for _, rule := range cfg.Assets {
		l.assets[rule.Name] = newAsset(rule)
	}
	return l, nil
}

// WindowAt returns the number of the window that a time (Unix seconds) lies in.
func (l *Learner) WindowAt(now int64) int64 { return now / int64(l.cfg.Window.Seconds()) }

// Apply adds the records of a batch to the window at hand.
func (l *Learner) Apply(b *Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := binary.LittleEndian.Uint64(b.ID[:8]) ^ binary.LittleEndian.Uint64(b.ID[8:])
	for i, record := range b.Records {
		if err := l.seen.Parse(record); err != nil {
			l.counts.Malformed++
			continue
		}
		a := l.asset(&l.seen)
		if a == nil {
			l.counts.Unassigned++
			continue
		}
		l.counts.Records++
		a.observe(&l.seen, visit{request: mix(id, uint64(i)), source: l.seen.Source, window: l.window}, l.cfg.Salt)
	}
}

// asset returns the asset of an observation, nil if there is none.
func (l *Learner) asset(o *profile.Observation) *asset {
	if len(l.cfg.Assets) == 0 {
		a := l.assets[string(o.Host)]
		if a == nil && o.Source != 0 && o.Status != 4 && o.Status != 5 {
			l.hosts.add(o.Host, o.Source, l.cfg.Salt)
		}
		return a
	}
	best := l.cfg.rule(string(o.Host), string(o.Template))
	if best == nil {
		return nil
	}
	return l.assets[best.Name]
}

// AssetOf returns the name of the asset that a request belongs to, "" if none.
// Whatever shares learning out by asset goes by it.
func (c *Config) AssetOf(host, template string) string {
	if len(c.Assets) == 0 {
		return host
	}
	if r := c.rule(host, template); r != nil {
		return r.Name
	}
	return ""
}

// rule returns the closest rule that matches, nil if none does.
func (c *Config) rule(host, template string) *AssetRule {
	var best *AssetRule
	for i := range c.Assets {
		r := &c.Assets[i]
		if r.matches(host, template) && (best == nil || r.closer(best)) {
			best = r
		}
	}
	return best
}

func (r *AssetRule) matches(host, template string) bool {
	if suffix, wild := strings.CutPrefix(r.Host, "*"); r.Host != host && !(wild && strings.HasSuffix(host, suffix)) {
		return false
	}
	base := strings.TrimSuffix(r.Base, "/")
	rest, below := strings.CutPrefix(template, base)
	return below && (rest == "" || rest[0] == '/')
}

// closer prefers the exact host, the longer wildcard, the longer base, as the
// engine does.
func (r *AssetRule) closer(o *AssetRule) bool {
	if r.Host != o.Host {
		if wild := r.Host[0] == '*'; wild != (o.Host[0] == '*') {
			return !wild
		}
		return len(r.Host) > len(o.Host)
	}
	return len(r.Base) > len(o.Base)
}

// Delta is the evidence of one window, to be joined by other learners with the
// same configuration and state.
type Delta struct {
	Window int64
	assets map[string]*delta
	hosts  *hosts
}

// Delta takes the evidence of the window at hand out of the learner.
func (l *Learner) Delta() *Delta {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := &Delta{Window: l.window, assets: make(map[string]*delta)}
	for name, a := range l.assets {
		d.assets[name] = a.delta
		a.delta = newDelta()
	}
	proposed := l.hosts
	d.hosts, l.hosts = &proposed, hosts{number: proposed.number}
	return d
}

// Join adds the evidence of a delta. Joining it again changes nothing. A delta
// of another window is refused.
func (l *Learner) Join(d *Delta) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d.Window != l.window {
		return false
	}
	for name, piece := range d.assets {
		if a := l.assets[name]; a != nil {
			a.delta.join(piece)
		}
	}
	l.hosts.join(d.hosts)
	return true
}

// Advance moves the clock to a time (Unix seconds). When windows have passed,
// the one at hand is closed and true is returned: there is a new snapshot. A
// clock that goes back changes nothing.
func (l *Learner) Advance(now int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.WindowAt(now)
	if l.window == 0 {
		l.window, l.hosts.number = next, l.periodOf(next)
		return false
	}
	if next <= l.window {
		return false
	}
	for _, a := range l.assets {
		a.close(&l.cfg, l.window)
	}
	l.admitHosts(next)
	l.window = next
	l.generation++
	l.expireDecisions(now)
	return true
}

// Counts returns the counters.
func (l *Learner) Counts() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.counts
	c.Dropped += l.hosts.dropped
	for _, a := range l.assets {
		c.Evicted += a.evicted
		c.Dropped += a.dropped + a.delta.dropped
		c.Expired += a.expired
	}
	return c
}

// names lists the assets.
func (l *Learner) names() []string { return slices.Sorted(maps.Keys(l.assets)) }
