package eventlog

import (
	"errors"
	"net/url"
	"slices"
	"time"
)

// Filter says which events are wanted: those that match all of its lists, of
// each in any value. An empty list matches everything.
type Filter struct {
	Actions, Families, Assets, Confidences, Gateways, Hosts, IDs []string
	// Since is the earliest time, the zero time for all.
	Since time.Time
}

// lists are the lists by the member that they compare and the name that the
// sidecar has for it.
func (f *Filter) lists() []struct {
	member, name string
	values       []string
} {
	return []struct {
		member, name string
		values       []string
	}{
		{"event.action", "action", f.Actions}, {"glacis.family", "family", f.Families}, {"glacis.asset", "asset", f.Assets},
		{"glacis.confidence", "confidence", f.Confidences}, {"observer.name", "gateway", f.Gateways}, {"url.domain", "host", f.Hosts}, {"event.id", "id", f.IDs},
	}
}

// Match says whether an event is wanted.
func (f *Filter) Match(e *Event) bool {
	for _, l := range f.lists() {
		if len(l.values) > 0 && !slices.Contains(l.values, e.Text(l.member)) {
			return false
		}
	}
	return f.Since.IsZero() || !e.Time().Before(f.Since)
}

// query is what the sidecar can filter by itself.
func (f *Filter) query() url.Values {
	q := url.Values{}
	for _, l := range f.lists() {
		if len(l.values) == 1 {
			q.Set(l.name, l.values[0])
		}
	}
	return q
}

// ParseSince reads "15m" (before now), "2026-11-22" or RFC 3339.
func ParseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("want 15m, 2026-11-22 or 2026-11-22T10:00:00Z")
}
