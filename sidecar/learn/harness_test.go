package learn

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
)

// site is a learner with simulated time and sources.
type site struct {
	t       *testing.T
	l       *Learner
	now     int64
	sources profile.Sources
	batches uint64
	records [][]byte
}

const day = 86400

func newSite(t *testing.T, cfg Config) *site {
	t.Helper()
	if len(cfg.Assets) == 0 {
		cfg.Assets = []AssetRule{{Name: "shop", Host: "*"}}
	}
	l, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, l: l, now: 20000 * day}
	s.sources.Period = day
	l.Advance(s.now)
	return s
}

// request is one observation.
type request struct {
	address, path, param, value string
	// location is that of the parameter, without one query.param.
	location  string
	forwarded []string
	method    string
	status    int
	// tokens make it an indicator at the level given.
	tokens []string
	level  uint8
	// critical says that something else in the request is.
	critical bool
	// cut says that it had more parameters than a record takes.
	cut bool
}

func (s *site) record(r request) []byte {
	if r.method == "" {
		r.method = "GET"
	}
	if r.status == 0 {
		r.status = 2
	}
	o := profile.Observation{Status: uint8(r.status), Method: []byte(r.method), Host: []byte("shop.test"),
		Template: profile.AppendTemplate(nil, []byte(r.path)), Source: s.sources.Of(r.address, r.forwarded, s.now)}
	if r.critical {
		o.Flags |= profile.RecordCritical
	}
	if r.cut {
		o.Flags |= profile.RecordCut
	}
	var params, marks []byte
	nparams, nmarks := 0, 0
	if r.location == "" && r.param != "" {
		r.location = "query." + r.param
	}
	if r.location != "" {
		shape := profile.ShapeOf([]byte(r.value), classOf(r.value))
		params, nparams = profile.AppendParam(nil, []byte(r.location), &shape), 1
	}
	if len(r.tokens) > 0 {
		x := profile.IndicatorSeen{Location: []byte(r.location), Family: 1, Level: r.level, Score: 80, Example: []byte("'a")}
		for _, text := range r.tokens {
			x.Tokens = append(x.Tokens, profile.TokenKey(1, text))
		}
		marks, nmarks = profile.AppendIndicator(nil, &x), 1
	}
	return profile.AppendRecord(nil, &o, params, nparams, marks, nmarks)
}

func (s *site) send(r request) {
	s.records = append(s.records, s.record(r))
	if len(s.records) == 100 {
		s.flush()
	}
}

func (s *site) flush() {
	s.batches++
	b := Batch{Records: s.records}
	binary.LittleEndian.PutUint64(b.ID[:], s.batches)
	s.l.Apply(&b)
	s.records = nil
}

// tick closes a window.
func (s *site) tick() {
	s.flush()
	s.now += int64(s.l.cfg.Window / time.Second)
	s.l.Advance(s.now)
}

func (s *site) profile() *profile.Profile {
	s.t.Helper()
	data, err := s.l.Snapshot(s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	p, err := profile.Load(data)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// user is an address of honest network n.
func user(n int) string { return "100.64." + strconv.Itoa(n) + ".7" }

// crowd sends n honest requests of a number of networks to /search.
func (s *site) crowd(r *rand.Rand, n, networks int) {
	words := []string{"lamp", "red shoes", "table", "chair and desk"}
	for range n {
		s.send(request{address: user(r.IntN(networks)), path: "/search", param: "q", value: words[r.IntN(len(words))]})
	}
}

// points is what the profile does to a finding of these tokens in /search?q=.
func (s *site) points(level uint8, tokens ...string) int {
	p := s.profile()
	w := p.Place([]byte("shop.test"), []byte("GET"), []byte("/search"))
	e := profile.Evidence{Location: []byte("query.q"), Found: true, Critical: level == 3}
	for i, text := range tokens {
		e.Tokens[i], e.Weights[i] = profile.TokenKey(1, text), 10
		e.N++
	}
	var out [profile.MaxEffects]profile.Effect
	sum := 0
	for i := range p.Judge(&w, &e, &out) {
		sum += out[i].Points
	}
	return sum
}
