// Package simulate plays recorded traffic through engine and learner with many
// simulated sources and a simulated clock, attacks mixed in, and counts what
// learning changes.
package simulate

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// Attack is a payload and the family it is said to be of.
type Attack struct{ Payload, Family string }

// Options say what is played. Zero fields take the defaults of Default.
type Options struct {
	// Engine inspects; its profile is replaced.
	Engine core.Config
	Learn  learn.Config
	// Hours of simulated time.
	Hours int
	// Benign requests and Attacks are how many are sent in a window.
	Benign, Attacks int
	// Users is the number of honest networks, Attackers of hostile ones.
	Users, Attackers int
	// Answered is the part, in percent, of attacks that are let through and
	// answered 200; the rest is answered 404.
	Answered int
	// Holdout is the part of the stream, in percent, at its end, that is never
	// learned from, and inspected before and after.
	Holdout int
	// Accept is how many suggestions, the first of the list, an operator looks at
	// at half time, to accept those that are believable.
	Accept int
	Seed   int64
}

// Default returns the options of the figures in docs/learning.md.
func Default() Options {
	return Options{Hours: 24, Benign: 6000, Attacks: 60, Users: 200, Attackers: 6, Answered: 100, Holdout: 20, Seed: 1}
}

// Window is what happened in one window.
type Window struct {
	Number int `json:"window"`
	Rates
	// Params and Bytes are those of the profile that was used.
	Params int    `json:"params"`
	Bytes  int    `json:"profile_bytes"`
	Level  string `json:"level"`
}

// Rates count verdicts at the engine's confidence: false positives of benign
// requests, detected attacks with the profile and by the model alone.
type Rates struct {
	Benign int `json:"benign"`
	False  int `json:"false_positives"`
	// Critical are those of False that are critical: learning alone must not
	// discount them, so they stay until an operator accepts them.
	Critical int `json:"critical_false_positives"`
	Attacks  int `json:"attacks"`
	Detected int `json:"detected"`
	Alone    int `json:"detected_by_model_alone"`
}

// Report is the outcome of a simulation.
type Report struct {
	Windows []Window `json:"windows"`
	// Fresh is the held-out part after learning; FreshBefore before it.
	Fresh       Rates `json:"fresh"`
	FreshBefore Rates `json:"fresh_before"`
	// Disguised are rewritten attacks, Probes the first bytes of attacks, on
	// endpoints that are known well, after learning.
	Disguised Rates `json:"disguised"`
	Probes    Rates `json:"probes"`
	// Accepted are the suggestions that the operator accepted, Left those that
	// are on the list at the end, in its order.
	Accepted []learn.Suggestion `json:"accepted"`
	Left     []learn.Suggestion `json:"left"`
	// Percent is the maturity of the asset at the end.
	Percent int          `json:"maturity_percent"`
	Counts  learn.Counts `json:"counts"`
}

// player is a simulation under way.
type player struct {
	o        Options
	r        *rand.Rand
	base     *core.Engine
	engine   *core.Engine
	learner  *learn.Learner
	sources  profile.Sources
	now      int64
	batch    learn.Batch
	batches  uint64
	profile  *profile.Profile
	bytes    int
	buf      []byte
	requests []core.Request
	attacks  []Attack
	at       int
}

// Run plays the requests of a stream, again and again, in their order.
func Run(o Options, stream []core.Request, attacks []Attack) (*Report, error) {
	p, err := newPlayer(o, stream, attacks)
	if err != nil {
		return nil, err
	}
	var rep Report
	fresh := stream[len(p.requests):]
	rep.FreshBefore = p.inspect(fresh)
	windows := int(time.Duration(o.Hours) * time.Hour / p.window())
	for n := 0; n < windows; n++ {
		w := Window{Number: n + 1, Bytes: p.bytes}
		if p.profile != nil {
			w.Params = p.profile.Params()
		}
		p.play(&w.Rates)
		status := p.learner.Status()
		if len(status) > 0 {
			w.Level = status[0].Maturity.Level.String() + " " + strconv.Itoa(status[0].Maturity.Percent) + " %"
			rep.Percent = status[0].Maturity.Percent
		}
		rep.Windows = append(rep.Windows, w)
		if n == windows/2-1 {
			if rep.Accepted, err = p.accept(); err != nil {
				return nil, err
			}
		}
		if err := p.close(); err != nil {
			return nil, err
		}
	}
	rep.Left = p.learner.Suggestions()
	rep.Fresh = p.inspect(fresh)
	rep.Disguised = p.against(4000, p.disguise)
	rep.Probes = p.against(4000, p.probe)
	rep.Counts = p.learner.Counts()
	return &rep, nil
}

// Teach has a learner learn from the requests of a stream, played a number of
// times from simulated networks, as if there had been as many honest users. It
// is for recordings that are known to be clean: nothing in them is questioned
// but what the engine finds.
func Teach(o Options, stream []core.Request, times int) (*learn.Learner, error) {
	o.Holdout = 0
	p, err := newPlayer(o, stream, nil)
	if err != nil {
		return nil, err
	}
	for range times * len(stream) {
		p.send(&p.requests[p.at%len(stream)], p.user(), true)
		if p.at++; p.at%o.Benign == 0 {
			if err := p.close(); err != nil {
				return nil, err
			}
		}
	}
	return p.learner, p.close()
}

func newPlayer(o Options, stream []core.Request, attacks []Attack) (*player, error) {
	if len(stream) == 0 {
		return nil, fmt.Errorf("simulate: no requests")
	}
	o.Engine.Observe, o.Engine.Profile = core.ObserveAll, nil
	base, err := core.New(o.Engine)
	if err != nil {
		return nil, err
	}
	if len(o.Learn.Assets) == 0 {
		o.Learn.Assets = []learn.AssetRule{{Name: "stream", Host: "*"}}
	}
	learner, err := learn.New(o.Learn)
	if err != nil {
		return nil, err
	}
	keep := len(stream) - len(stream)*o.Holdout/100
	p := &player{o: o, r: rand.New(rand.NewPCG(uint64(o.Seed), 5)), base: base, engine: base, learner: learner,
		now: 1_800_000_000 - 1_800_000_000%86400, requests: stream[:keep], attacks: attacks}
	p.sources.Key[0], p.sources.Period = 7, 86400
	learner.Advance(p.now)
	return p, nil
}

func (p *player) window() time.Duration {
	if p.o.Learn.Window > 0 {
		return p.o.Learn.Window
	}
	return 10 * time.Minute
}

// play is one window of traffic.
func (p *player) play(rates *Rates) {
	every := p.o.Benign + 1
	if p.o.Attacks > 0 {
		every = max(1, p.o.Benign/p.o.Attacks)
	}
	for i := 0; i < p.o.Benign; i++ {
		q := &p.requests[p.at%len(p.requests)]
		p.at++
		blocked, critical := p.send(q, p.user(), true)
		rates.benign(blocked, critical)
		if i%every == 0 && len(p.attacks) > 0 {
			p.attack(rates)
		}
	}
}

// benign counts an honest request.
func (r *Rates) benign(blocked, critical bool) {
	r.Benign++
	if blocked {
		r.False++
	}
	if blocked && critical {
		r.Critical++
	}
}

// attack sends one attack in the place of a parameter's value.
func (p *player) attack(rates *Rates) {
	a := p.attacks[p.r.IntN(len(p.attacks))]
	q, ok := p.inject(a.Payload)
	if !ok {
		return
	}
	rates.Attacks++
	if p.base.Inspect(&q).Action == core.Block {
		rates.Alone++
	}
	if blocked, _ := p.send(&q, p.attacker(), p.r.IntN(100) < p.o.Answered); blocked {
		rates.Detected++
	}
}

// send inspects a request, answers it and gives the observation to the
// learner. It reports whether it was blocked, and whether its score is critical.
func (p *player) send(q *core.Request, address string, answered bool) (blocked, critical bool) {
	t := p.engine.Begin()
	defer t.Close()
	t.RequestLine(q.Method, q.URI)
	for i := range q.Headers {
		t.Header(q.Headers[i].Name, q.Headers[i].Value)
	}
	t.EndHeaders()
	if len(q.Body) > 0 {
		t.Body(q.Body)
	}
	verdict := t.End()
	blocked, critical = verdict.Action == core.Block, verdict.Confidence == core.ConfidenceCritical
	status := 2
	if blocked {
		status = 0
	} else if !answered {
		status = 4
	}
	p.buf = t.AppendObservation(p.buf[:0], p.sources.Of(address, nil, p.now), status)
	if len(p.buf) > 0 {
		p.batch.Records = append(p.batch.Records, append([]byte(nil), p.buf...))
	}
	if len(p.batch.Records) >= 500 {
		p.flush()
	}
	return blocked, critical
}

func (p *player) flush() {
	p.batches++
	binary.LittleEndian.PutUint64(p.batch.ID[:], p.batches)
	p.learner.Apply(&p.batch)
	p.batch.Records = p.batch.Records[:0]
}

// close ends a window: the learner's new snapshot goes to the engine.
func (p *player) close() error {
	p.flush()
	p.now += int64(p.window().Seconds())
	if !p.learner.Advance(p.now) {
		return nil
	}
	data, err := p.learner.Snapshot(p.now)
	if err != nil {
		return err
	}
	p.bytes = len(data)
	if p.profile, err = profile.Load(data); err != nil {
		return err
	}
	p.engine = p.base.WithProfile(p.profile)
	return nil
}

// user is the address of a random honest user: some networks are much busier
// than others.
func (p *player) user() string {
	n := int(float64(p.o.Users) * p.r.Float64() * p.r.Float64())
	return "100." + strconv.Itoa(64+n/256) + "." + strconv.Itoa(n%256) + "." + strconv.Itoa(1+p.r.IntN(250))
}

// attacker is an address of a random hostile network.
func (p *player) attacker() string {
	return "198.18." + strconv.Itoa(p.r.IntN(p.o.Attackers)) + "." + strconv.Itoa(1+p.r.IntN(250))
}

// inspect counts benign requests that would be blocked, without learning.
func (p *player) inspect(requests []core.Request) Rates {
	var r Rates
	for i := range requests {
		v := p.engine.Inspect(&requests[i])
		r.benign(v.Action == core.Block, v.Confidence == core.ConfidenceCritical)
	}
	return r
}
