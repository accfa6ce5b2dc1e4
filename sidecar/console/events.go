package console

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/events"
)

// pageEvents is how many events a page shows.
const pageEvents = 50

// eventsAnswer is the answer of GET /v1/events.
type eventsAnswer struct {
	Events     []json.RawMessage
	Last, Next uint64
}

// fetch asks for events.
func (c *Console) fetch(r *http.Request, query url.Values) (a eventsAnswer, err error) {
	err = c.client.get(r, "/v1/events", query, &a)
	return a, err
}

// eventRow is an event in a list.
type eventRow struct {
	events.Members
	Time time.Time
	Line string
}

// rows takes the events of an answer apart.
func (a *eventsAnswer) rows() []eventRow {
	out := make([]eventRow, 0, len(a.Events))
	for _, line := range a.Events {
		m, err := events.Record{Line: line}.Members()
		if err != nil {
			continue // an agent sent something else than an event
		}
		out = append(out, eventRow{Members: m, Time: m.Time(), Line: string(line)})
	}
	return out
}

// Action is what was done, for people.
func (e eventRow) Action() string {
	name := e.Text("event.action")
	for _, a := range actions {
		if a.Name == name {
			return a.Label
		}
	}
	return name
}

// Score is the score, 0 without one.
func (e eventRow) Score() int {
	n, err := strconv.Atoi(e.Text("glacis.score"))
	if err != nil {
		return 0
	}
	return n
}

// filterNames are the parameters of the page that the interface takes as well.
var filterNames = []string{"action", "family", "confidence", "asset", "host", "path", "gateway"}

// eventsPage is a list of events.
type eventsPage struct {
	Now      time.Time
	Rows     []eventRow
	Filter   map[string]string
	Filtered bool
	Choices  map[string][]string
	Last     uint64
	// Older and Newest are links, "" for none; Toggle is the page with Live the
	// other way round.
	Older, Newest, Toggle string
	Live                  bool
}

// events lists the latest events.
func (c *Console) events(v *visit) {
	given := v.r.URL.Query()
	query, pairs := url.Values{"limit": {strconv.Itoa(pageEvents)}}, []string(nil)
	p := eventsPage{Now: c.cfg.Now(), Filter: map[string]string{}, Live: given.Get("live") == "1", Choices: choices}
	for _, name := range filterNames {
		if value := given.Get(name); value != "" {
			query.Set(name, value)
			p.Filter[name], p.Filtered = value, true
			pairs = append(pairs, name, value)
		}
	}
	before := given.Get("before")
	if before != "" {
		query.Set("before", before)
		p.Newest = link("events", pairs...)
	}
	a, err := c.fetch(v.r, query)
	if err != nil {
		v.failed(err)
		return
	}
	p.Rows, p.Last = a.rows(), a.Last
	if a.Next > 0 {
		p.Older = link("events", append(slices.Clone(pairs), "before", strconv.FormatUint(a.Next, 10))...)
	}
	refresh := 0
	if p.Toggle = link("events", append(slices.Clone(pairs), "live", "1")...); p.Live {
		p.Toggle, refresh = link("events", pairs...), refreshSeconds
	}
	v.live(http.StatusOK, "events", "Events", &p, refresh)
}

// choices are the values that a filter can have.
var choices = map[string][]string{
	"action": func() (out []string) {
		for _, a := range actions {
			out = append(out, a.Name)
		}
		return out
	}(),
	"family":     slices.Sorted(maps.Keys(families)),
	"confidence": {"critical", "high", "medium", "none"},
}
