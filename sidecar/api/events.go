package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/tidwall/gjson"
)

// The bounds of events in one call, and of one event.
const (
	maxEvents     = 512 << 10
	maxEventBytes = 8 << 10
)

// addEvents takes events of agents, one JSON object a line, and hands them to
// all sidecars.
func (l *Learning) addEvents(w http.ResponseWriter, r *http.Request) {
	data, ok := readBody(w, r, maxEvents)
	if !ok {
		return
	}
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && (len(line) > maxEventBytes || line[0] != '{' || !json.Valid(line)) {
			Problem(w, http.StatusBadRequest, "Want one JSON object a line, each of at most 8 KiB.")
			return
		}
	}
	if err := l.store.SendEvents(data); err != nil {
		failed(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// filters are the parameters of listEvents, by the member that they compare.
var filters = map[string]string{
	"action": "event.action", "gateway": "observer.name", "host": "url.domain", "asset": "glacis.asset",
	"family": "glacis.family", "confidence": "glacis.confidence", "id": "event.id",
}

// listEvents answers with the latest events, the newest first.
func (l *Learning) listEvents(w http.ResponseWriter, r *http.Request) {
	limit, after := 100, uint64(0)
	want := make(map[string]string)
	for name, values := range r.URL.Query() {
		value, err := values[len(values)-1], error(nil)
		member, known := filters[name]
		switch {
		case known:
			want[gjson.Escape(member)] = value
		case name == "limit":
			if limit, err = strconv.Atoi(value); limit < 1 || limit > 1000 {
				err = strconv.ErrRange
			}
		case name == "after":
			after, err = strconv.ParseUint(value, 10, 64)
		default:
			err = strconv.ErrSyntax
		}
		if err != nil {
			Problem(w, http.StatusBadRequest, "There are action, gateway, host, asset, family, confidence, id, limit (1 to 1000) and after.")
			return
		}
	}
	found, last := l.events.list(limit, after, func(event []byte) bool {
		for path, value := range want {
			if gjson.GetBytes(event, path).String() != value {
				return false
			}
		}
		return true
	})
	JSON(w, map[string]any{"events": found, "last": last})
}
