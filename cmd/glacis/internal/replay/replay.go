// Package replay sums up what would have been blocked, by endpoint and
// parameter.
package replay

import (
	"cmp"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

const (
	// maxEndpoints bounds the endpoints that are told apart; a scan of a
	// million paths must not take a million entries. The rest is one entry.
	maxEndpoints = 10000
	// maxLocations bounds the locations per endpoint likewise.
	maxLocations = 1000
	// Other is the name under which the rest is counted.
	Other = "(other)"
)

// Summary is the outcome of a dry run.
type Summary struct {
	Model     string `json:"model"`
	Requests  int    `json:"requests"`
	Blocked   int    `json:"blocked"`
	Malformed int    `json:"malformed"`
	// Endpoints are those where something would have been blocked, most first.
	Endpoints []Endpoint `json:"endpoints"`
}

// Endpoint is a method and a path template.
type Endpoint struct {
	Method   string `json:"method"`
	Path     string `json:"path"`
	Requests int    `json:"requests"`
	Blocked  int    `json:"blocked"`
	// Share is Blocked / Requests.
	Share float64 `json:"share"`
	// Locations are the values that decided, most first.
	Locations []Location `json:"locations"`
}

// Location is one parameter, header or other place of an endpoint.
type Location struct {
	Location string `json:"location"`
	Blocked  int    `json:"blocked"`
	// Share is the part of the endpoint's requests.
	Share float64 `json:"share"`
	// Family is the most frequent family.
	Family string `json:"family"`
	// Example is the window of the strongest finding, ID its request.
	Example string `json:"example"`
	ID      string `json:"id"`
	Score   int    `json:"score"`
}

type endpointKey struct{ method, path string }

type endpoint struct {
	requests, blocked int
	locations         map[string]*location
}

type location struct {
	blocked  int
	families [model.Families]int
	best     int
	example  string
	id       string
}

// Counter collects verdicts; it is for one goroutine.
type Counter struct {
	requests, blocked int
	endpoints         map[endpointKey]*endpoint
}

// NewCounter returns an empty Counter.
func NewCounter() *Counter { return &Counter{endpoints: map[endpointKey]*endpoint{}} }

// Add counts one request.
func (c *Counter) Add(id string, r *core.Request, v core.Verdict) {
	c.requests++
	k := endpointKey{r.Method, Template(r.URI)}
	e := c.endpoints[k]
	if e == nil && len(c.endpoints) >= maxEndpoints {
		k = endpointKey{"", Other}
		e = c.endpoints[k]
	}
	if e == nil {
		e = &endpoint{}
		c.endpoints[k] = e
	}
	e.requests++
	if v.Action != core.Block {
		return
	}
	c.blocked++
	e.blocked++
	e.add(id, v)
}

func (e *endpoint) add(id string, v core.Verdict) {
	// The decode chain behind '#' depends on the attack, not on the place.
	name, _, _ := strings.Cut(v.Location, "#")
	if e.locations == nil {
		e.locations = map[string]*location{}
	}
	l := e.locations[name]
	if l == nil && len(e.locations) >= maxLocations {
		name = Other
		l = e.locations[name]
	}
	if l == nil {
		l = &location{best: -1}
		e.locations[name] = l
	}
	l.blocked++
	if v.Family < model.Families {
		l.families[v.Family]++
	}
	if v.Score > l.best {
		l.best, l.example, l.id = v.Score, v.Window, id
	}
}

// Summary sorts what was counted.
func (c *Counter) Summary(modelName string) *Summary {
	s := &Summary{Model: modelName, Requests: c.requests, Blocked: c.blocked, Endpoints: []Endpoint{}}
	for k, e := range c.endpoints {
		if e.blocked == 0 {
			continue
		}
		out := Endpoint{
			Method: safetext.UTF8(k.method), Path: safetext.UTF8(k.path), Requests: e.requests, Blocked: e.blocked,
			Share: float64(e.blocked) / float64(e.requests),
		}
		for name, l := range e.locations {
			out.Locations = append(out.Locations, Location{
				Location: safetext.UTF8(name), Blocked: l.blocked, Share: float64(l.blocked) / float64(e.requests),
				Family: l.topFamily().Name(), Example: safetext.UTF8(l.example), ID: safetext.UTF8(l.id), Score: l.best,
			})
		}
		slices.SortFunc(out.Locations, func(a, b Location) int {
			return cmp.Or(cmp.Compare(b.Blocked, a.Blocked), cmp.Compare(a.Location, b.Location))
		})
		s.Endpoints = append(s.Endpoints, out)
	}
	slices.SortFunc(s.Endpoints, func(a, b Endpoint) int {
		return cmp.Or(cmp.Compare(b.Blocked, a.Blocked), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return s
}

func (l *location) topFamily() model.Family {
	top := model.None
	for f, n := range l.families {
		if n > l.families[top] {
			top = model.Family(f)
		}
	}
	return top
}
