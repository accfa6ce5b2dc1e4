package learn

import (
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/core/profile"
)

// maxCandidates bounds the entries that have not been admitted.
const maxCandidates = 4096

// asset is the state of one application.
type asset struct {
	rule    AssetRule
	root    uint64
	entries map[uint64]*entry
	// nodes are the prefixes of all admitted endpoints.
	nodes map[uint64]bool
	// conduct is that of the latest two periods.
	conduct map[int64]*conduct
	delta   *delta
	frozen  *knowledge
	// places caches what templates resolve to; emptied when a window closes.
	places map[string]resolved
	bytes  int
	// Counters.
	evicted, expired, dropped uint64
}

// resolved is an endpoint as the state knows it.
type resolved struct {
	method, template string
	node             uint64
	known            bool
}

func newAsset(rule AssetRule) *asset {
	return &asset{rule: rule, root: profile.Root(rule.Name), entries: make(map[uint64]*entry), nodes: make(map[uint64]bool),
		conduct: make(map[int64]*conduct), delta: newDelta(), places: make(map[string]resolved)}
}

// resolve finds the endpoint of a request: known words stay, others become
// {name} where the state says that there are many.
func (a *asset) resolve(method, template []byte) resolved {
	key := string(method) + " " + string(template)
	if r, ok := a.places[key]; ok {
		return r
	}
	r := resolved{method: string(method)}
	segments := strings.Split(strings.TrimPrefix(string(template), "/"), "/")
	path := ""
	for _, s := range segments {
		node := profile.Endpoint(a.root, method, []byte(path+"/"+s))
		if !a.nodes[node] && wordlike(s) && a.nodes[profile.Endpoint(a.root, method, []byte(path+"/{name}"))] {
			s = "{name}"
		}
		path += "/" + s
	}
	r.template = path
	r.node = profile.Endpoint(a.root, method, []byte(path))
	_, r.known = a.entries[r.node]
	if len(a.places) < 4096 {
		a.places[key] = r
	}
	return r
}

// wordlike reports whether a segment may be one of many names.
func wordlike(s string) bool {
	return s != "" && (s[0] != '{' || s == "{slug}" || s == "{token}")
}

// observe adds one request to the delta.
func (a *asset) observe(o *profile.Observation, v visit, salt uint64) {
	if o.Source == 0 || o.Status == 4 || o.Status == 5 {
		return // nobody's word, or not what the application has
	}
	salt ^= uint64(v.window)
	r := a.resolve(o.Method, o.Template)
	good := company(o)
	if good {
		a.delta.conduct.add(o.Source, v.window)
	}
	if e := a.evidence(r, "", o.Source, salt); e != nil {
		e.visit(v)
		if o.Flags&profile.RecordCut != 0 {
			e.cuts.add(o.Source)
		}
	}
	for i := range o.Params {
		p := &o.Params[i]
		if e := a.evidence(r, string(p.Location), o.Source, salt); e != nil {
			e.visit(v)
			e.shape(&p.Shape, o.Source)
		}
	}
	for i := range o.Indicators {
		x := &o.Indicators[i]
		e := a.evidence(r, string(x.Location), o.Source, salt)
		if e == nil {
			continue
		}
		e.visit(v)
		m := mark{family: x.Family, level: x.Level, score: x.Score, example: string(x.Example), seen: sampled{v.source}}
		m.shown.add(v.window)
		m.span(v.window, v.window)
		m.requests.add(v.request)
		if good {
			m.windows.add(v.window)
			m.sources = sampled{v.source}
		}
		for _, token := range x.Tokens {
			e.mark(token, &m)
		}
	}
}

func (a *asset) evidence(r resolved, location string, source, salt uint64) *evidence {
	key := r.node
	if location != "" {
		key = profile.KeyAt(a.root, r.node, []byte(location))
	}
	_, known := a.entries[key]
	it := item{r.method, r.template, location}
	if key == profile.Param(a.root, []byte(location)) {
		it.method, it.template = "", ""
	}
	return a.delta.at(key, known, it, source, salt)
}

// close joins the delta of a window to the state and decides what follows.
func (a *asset) close(cfg *Config, window int64) {
	number := window / int64(cfg.Period/cfg.Window)
	for key, e := range a.delta.known {
		if t := a.entries[key]; t != nil {
			t.join(number, e)
		}
	}
	for _, room := range a.delta.strays.rooms {
		for _, s := range room {
			t := a.entries[s.key]
			if t == nil {
				t = &entry{item: s.item, key: s.key}
				a.entries[s.key] = t
			}
			t.join(number, &s.evidence)
		}
	}
	a.conductOf(number).join(&a.delta.conduct)
	a.dropped += a.delta.dropped
	a.delta = newDelta()
	a.expire(number, cfg.Keep)
	a.admit()
	a.generalize()
	a.evict(cfg)
	a.index()
}

// conductOf returns the conduct of a period; only two are kept.
func (a *asset) conductOf(number int64) *conduct {
	c := a.conduct[number]
	if c == nil {
		c = new(conduct)
		a.conduct[number] = c
		for n := range a.conduct {
			if n < number-keepPeriods {
				delete(a.conduct, n)
			}
		}
	}
	return c
}

// expire forgets the evidence of periods that are too old.
func (a *asset) expire(number, keep int64) {
	for key, t := range a.entries {
		t.periods = slices.DeleteFunc(t.periods, func(p period) bool { return p.number < number-keep })
		if len(t.periods) == 0 {
			delete(a.entries, key)
			a.expired++
		}
	}
}

// admit promotes the candidates that enough sources have seen.
func (a *asset) admit() {
	for _, t := range a.entries {
		if !t.admitted && t.sources() >= admission {
			t.admitted = true
		}
	}
}

// evict drops what matters least until the bounds hold.
func (a *asset) evict(cfg *Config) {
	all := make([]*entry, 0, len(a.entries))
	candidates := 0
	a.bytes = 0
	for _, t := range a.entries {
		all = append(all, t)
		a.bytes += t.bytes()
		if !t.admitted {
			candidates++
		}
	}
	room := cfg.MaxBytes - conductBits/8*(keepPeriods+1)
	if candidates <= maxCandidates && len(all) <= cfg.MaxItems && a.bytes <= room {
		return
	}
	slices.SortFunc(all, lesser)
	left := len(all)
	for _, t := range all {
		if left <= cfg.MaxItems && a.bytes <= room && (t.admitted || candidates <= maxCandidates) {
			break
		}
		delete(a.entries, t.key)
		a.bytes -= t.bytes()
		a.evicted++
		left--
		if !t.admitted {
			candidates--
		}
	}
}

// index finds the prefixes of all admitted endpoints anew.
func (a *asset) index() {
	clear(a.nodes)
	clear(a.places)
	for _, t := range a.entries {
		if t.admitted && t.location == "" && t.template != "" {
			for i := 0; i <= len(t.template); i++ {
				if i == 0 || i == len(t.template) || t.template[i] == '/' {
					a.nodes[profile.Endpoint(a.root, []byte(t.method), []byte(t.template[:i]))] = true
				}
			}
		}
	}
}
