package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// Learning are the endpoints of what is learned and of the agents.
type Learning struct {
	store  *store.Store
	key    *signing.Key
	events *Events
	// slots bounds the batches that are being stored.
	slots chan struct{}
	// polls bounds the requests that wait for a profile.
	polls chan struct{}
}

// The bounds of what may go on at the same time.
const (
	maxStoring = 64
	maxPolls   = 4096
)

// NewLearning makes the endpoints of a store whose profiles are signed with a
// key. Nobody keeps the events of agents.
func NewLearning(s *store.Store, key *signing.Key) (*Learning, error) {
	return NewLearningWith(s, key, NewEvents(nil))
}

// NewLearningWith is NewLearning with endpoints of events, which the store's
// other sidecars then share. They are part of Routes.
func NewLearningWith(s *store.Store, key *signing.Key, events *Events) (*Learning, error) {
	l := &Learning{store: s, key: key, events: events, slots: make(chan struct{}, maxStoring), polls: make(chan struct{}, maxPolls)}
	return l, events.connect(s)
}

// Routes returns the endpoints.
func (l *Learning) Routes() []Route { return append(l.routes(), l.events.Routes()...) }

// Own returns the endpoints for the agent of this very process, whose events are
// kept already.
func (l *Learning) Own() []Route { return append(l.routes(), l.events.routes(true)...) }

func (l *Learning) routes() []Route {
	handle := func(pattern string, f http.HandlerFunc) Route { return Route{Pattern: pattern, Handler: f} }
	forAgents := func(pattern string, f http.HandlerFunc) Route {
		return Route{Pattern: pattern, Handler: f, Agents: true}
	}
	return []Route{
		forAgents("POST /v1/observations", l.observe),
		forAgents("GET /v1/profile", l.profile),
		forAgents("GET /v1/profile/key", l.publicKey),
		handle("GET /v1/agents", l.agents),
		forAgents("POST /v1/agents", l.report),
		handle("GET /v1/learning", l.status),
		handle("GET /v1/learning/items", l.items),
		handle("GET /v1/learning/params", l.params),
		handle("GET /v1/learning/suggestions", l.suggestions),
		handle("GET /v1/learning/audit", l.audit),
		handle("GET /v1/learning/export", l.export),
		handle("GET /v1/learning/openapi", l.inventory),
		handle("POST /v1/learning/decisions", l.decide),
		handle("POST /v1/learning/assets", l.change),
		handle("POST /v1/learning/import", l.importAll),
	}
}

// errLong says that a body is longer than its bound.
var errLong = errors.New("the body is too long")

// readBody reads a body of at most limit bytes and answers if it cannot.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, bool) {
	data, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case err != nil:
		Problem(w, http.StatusBadRequest, "The request could not be read to its end.")
	case int64(len(data)) > limit:
		Problem(w, http.StatusRequestEntityTooLarge, errLong.Error())
	default:
		return data, true
	}
	return nil, false
}

// readJSON reads a body into v; a member that v does not have is an error.
func readJSON(w http.ResponseWriter, r *http.Request, limit int64, v any) bool {
	d := json.NewDecoder(io.LimitReader(r.Body, limit))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		Problem(w, http.StatusBadRequest, "The body is not the JSON object that is wanted: see /v1/openapi.yaml.")
		return false
	}
	return true
}

// failed answers with what went wrong in the store.
func failed(w http.ResponseWriter, err error) {
	var refused *store.ErrCall
	if errors.As(err, &refused) {
		Problem(w, http.StatusUnprocessableEntity, refused.Reason)
		return
	}
	w.Header().Set("Retry-After", "2")
	Problem(w, http.StatusServiceUnavailable, "The store does not answer for now.")
}

// limited is a context for work that a caller waits for.
func limited(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(r.Context(), 20*time.Second)
}
