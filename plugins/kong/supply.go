package kong

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/delivery"
)

// Models say where the process takes its models from. The zero value takes the
// embedded one only.
type Models struct {
	// Place names the model of the process: a file, a store, a sidecar's address
	// or the word "sidecar"; "" for Implicit.
	Place string
	// Token is for a sidecar whose address Place is.
	Token string
	// Trust says whose models are taken; nil takes none.
	Trust *delivery.Trust
	// Vouched is Trust for Place, for whoever starts the process may vouch for a
	// file; nil for Trust.
	Vouched *delivery.Trust
	// Implicit is where to look when nothing is named, and nobody minds if there
	// is nothing; nil for nowhere.
	Implicit delivery.Source
}

// fromSidecar is the place that stands for the sidecar of the process.
const fromSidecar = "sidecar"

// modelInterval is how often a place is looked at.
const modelInterval = 2 * time.Second

// supplies are the models of the process by the place that they come from. They
// live in the process: Kong's instances, of which every worker has one for every
// configuration, share them. It is safe for concurrent use.
type supplies struct {
	from  Models
	agent *agent.Agent
	// change puts tables in force in all entities of a supply, nil for the
	// embedded model.
	change func(s *supply, tables *model.Model) error
	say    func(text string)

	mu    sync.Mutex
	known map[string]*supply
}

// supply is one place.
type supply struct {
	place  string
	holder *delivery.Holder // nil for the embedded model and nothing else
	uses   int              // under the lock of supplies
	stop   context.CancelFunc
	// tables are in force, nil for the embedded model, in users: both under the
	// lock of policies' rules.
	tables *model.Model
	users  map[*entity]struct{}
}

// acquire returns the supply of a place, "" for that of the process. There always
// is one: as long as nothing good is there the embedded model serves, for a plugin
// server that does not start has Kong refuse every request, or none.
func (ss *supplies) acquire(place string) *supply {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if s := ss.known[place]; s != nil {
		s.uses++
		return s
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &supply{place: place, uses: 1, stop: stop, users: map[*entity]struct{}{}}
	ss.known[place] = s
	if place != "" || ss.from.Place != "" || ss.from.Implicit != nil {
		ss.open(ctx, s)
	}
	return s
}

// open looks at the place of a supply for the first time and then for ever. Files
// are waited for; a network is not, while Kong waits.
func (ss *supplies) open(ctx context.Context, s *supply) {
	trust, source, err := ss.resolve(s.place)
	if trust == nil {
		trust = &delivery.Trust{}
	}
	s.holder = delivery.NewHolder(trust, func(m *delivery.Model) error {
		if m == nil {
			return ss.change(s, nil)
		}
		return ss.change(s, m.Tables)
	})
	if err != nil {
		source = broken{err}
	}
	look := s.holder.Await
	if s.place == "" && ss.from.Place == "" {
		look = s.holder.Follow
	}
	first := func() {
		if err := look(ctx, source); err != nil || s.holder.Current() != nil {
			ss.report(s, err)
		}
	}
	_, distant := source.(*delivery.Sidecar)
	if !distant {
		first()
	}
	go func() {
		if distant {
			first()
		}
		s.holder.Watch(ctx, modelInterval, func(err error) { ss.report(s, err) })
	}()
}

// resolve finds the source of a place and who is trusted there. What a plugin's
// configuration names gets no token: it is not for any host that somebody may
// write into it.
func (ss *supplies) resolve(place string) (*delivery.Trust, delivery.Source, error) {
	trust, token := ss.from.Trust, ""
	if place == "" {
		if place = ss.from.Place; place == "" {
			return trust, ss.from.Implicit, nil
		}
		if token = ss.from.Token; ss.from.Vouched != nil {
			trust = ss.from.Vouched
		}
	}
	if place != fromSidecar {
		source, err := delivery.Resolve(place, token)
		return trust, source, err
	}
	if ss.agent == nil {
		return trust, nil, errors.New("there is no sidecar (-sidecar)")
	}
	return trust, delivery.AskSidecar("the sidecar", ss.agent.Get), nil
}

// broken is a source that cannot be asked.
type broken struct{ error }

// String implements delivery.Source.
func (b broken) String() string { return b.Error() }

// Fetch implements delivery.Source.
func (b broken) Fetch(context.Context, string) (*delivery.Package, string, error) {
	return nil, "", b.error
}

// report says what became of a change.
func (ss *supplies) report(s *supply, err error) {
	st := s.holder.Status()
	name, where := st.Model, ""
	if name == "" {
		name = "the embedded one"
	}
	if s.place != "" {
		where = " (" + s.place + ")"
	}
	if err != nil {
		ss.say("model" + where + ": refused, " + name + " stays in force: " + strings.TrimPrefix(err.Error(), "model "))
		return
	}
	signer := ", not signed"
	if st.Signer != "" {
		signer = ", signed by " + st.Signer
	}
	ss.say("model" + where + " " + name + " is in force" + signer)
}

// release gives a supply back; the last one to do so ends looking.
func (ss *supplies) release(s *supply) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if s.uses--; s.uses == 0 {
		s.stop()
		delete(ss.known, s.place)
	}
}

// standing says why models that are to be in force are not, "" if they are, and
// when one came last.
func (ss *supplies) standing() (trouble string, loaded time.Time) {
	ss.mu.Lock()
	known := slices.Collect(maps.Values(ss.known))
	ss.mu.Unlock()
	var all listing
	for _, s := range known {
		if s.holder == nil {
			continue
		}
		st := s.holder.Status()
		all.add(st.Error)
		if st.Loaded.After(loaded) {
			loaded = st.Loaded
		}
	}
	return all.text(), loaded
}

// close ends looking everywhere.
func (ss *supplies) close() {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, s := range ss.known {
		s.stop()
	}
}
