package console

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/events/exception"
)

// eventPage explains the events of one request.
type eventPage struct {
	ID     string
	Events []explained
}

// explained is an event with what its members mean.
type explained struct {
	eventRow
	Means      string
	Place      string // the kind of location
	Where      string // the location without its decode chain
	Chain      []step
	Tokens     []token
	Changes    []change
	Exceptions []pair
	Violations []string
	Limits     []pair
	// Policy is the narrowest exception as YAML; Why says why there is none.
	Policy, Why string
}

type step struct{ Name, Means string }

type token struct {
	Text   string
	Weight int
	// Share is of the heaviest, in percent.
	Share int
}

type change struct {
	Reason, Means string
	Points        int
}

type pair struct{ Name, Value string }

// event explains the events of a request id.
func (c *Console) event(v *visit) {
	id := v.r.URL.Query().Get("id")
	a, err := c.fetch(v.r, url.Values{"id": {id}, "limit": {"10"}})
	if err != nil {
		v.failed(err)
		return
	}
	p := eventPage{ID: id}
	for _, row := range a.rows() {
		p.Events = append(p.Events, explain(row, c.cfg.Now()))
	}
	if len(p.Events) == 0 {
		v.fail(http.StatusNotFound, "There is no event of this request among the latest.")
		return
	}
	v.show(http.StatusOK, "event", "Event", &p)
}

// explain says what the members of an event mean.
func explain(row eventRow, now time.Time) explained {
	e := explained{eventRow: row, Means: "What was done is not known here."}
	for _, a := range actions {
		if a.Name == row.Text("event.action") {
			e.Means = a.Means
		}
	}
	if location := row.Text("glacis.location"); location != "" {
		place, chain, _ := strings.Cut(location, "#")
		e.Place, e.Where = placeOf(place), place
		for name := range strings.SplitSeq(chain, "#") {
			if name != "" {
				kind, _, _ := strings.Cut(name, "=") // "join=a,b" names the parts
				e.Chain = append(e.Chain, step{name, decoders[kind]})
			}
		}
	}
	e.Tokens, e.Changes = tokensOf(row), changesOf(row)
	e.Exceptions, e.Limits = pairsOf(row, "glacis.exceptions", nil), pairsOf(row, "glacis.limits", limits)
	for _, x := range listOf(row, "glacis.violations") {
		e.Violations = append(e.Violations, fmt.Sprint(x))
	}
	e.except(now)
	return e
}

// except adds the exception, for what was or would have been refused or has a
// finding at least.
func (e *explained) except(now time.Time) {
	x, err := exception.FromEvent(e.Members)
	if err == nil {
		x.Expires = exception.Expiry(now, exception.Days)
		var text []byte
		if text, err = exception.YAML(x); err == nil {
			e.Policy = string(text)
			return
		}
	}
	e.Why = err.Error()
}

func listOf(row eventRow, name string) []any {
	list, _ := row.Members[name].([]any)
	return list
}

func tokensOf(row eventRow) (out []token) {
	heaviest := 1
	for _, x := range listOf(row, "glacis.tokens") {
		m, _ := x.(map[string]any)
		text, _ := m["text"].(string)
		weight := intOf(m["weight"])
		out = append(out, token{Text: text, Weight: weight})
		heaviest = max(heaviest, weight)
	}
	for i := range out {
		out[i].Share = max(0, out[i].Weight*100/heaviest)
	}
	return out
}

func changesOf(row eventRow) (out []change) {
	for _, x := range listOf(row, "glacis.adjustments") {
		m, _ := x.(map[string]any)
		reason, _ := m["reason"].(string)
		out = append(out, change{reason, reasons[reason], intOf(m["points"])})
	}
	return out
}

// pairsOf are the members of an object by name, with what they mean.
func pairsOf(row eventRow, name string, means map[string]string) (out []pair) {
	object, _ := row.Members[name].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		name := key
		if means[key] != "" {
			name = means[key]
		}
		out = append(out, pair{name, fmt.Sprint(object[key])})
	}
	return out
}

// intOf is a number within bounds, 0 for anything else.
func intOf(v any) int {
	n, ok := v.(json.Number)
	if !ok {
		return 0
	}
	i, err := strconv.ParseInt(n.String(), 10, 32)
	if err != nil {
		return 0
	}
	return int(i)
}
