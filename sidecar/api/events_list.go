package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// filters are the parameters of list, by the member that they compare.
var filters = map[string]string{
	"action": "event.action", "gateway": "observer.name", "host": "url.domain", "asset": "glacis.asset",
	"family": "glacis.family", "confidence": "glacis.confidence", "id": "event.id",
}

// list answers with the latest events, the newest first.
func (e *Events) list(w http.ResponseWriter, r *http.Request) {
	p := page{limit: 100}
	want := make(map[string]string)
	path := ""
	for name, values := range r.URL.Query() {
		value, err := values[len(values)-1], error(nil)
		member, known := filters[name]
		switch {
		case known:
			want[gjson.Escape(member)] = value
		case name == "path":
			path = value
		case name == "limit":
			if p.limit, err = strconv.Atoi(value); p.limit < 1 || p.limit > 1000 {
				err = strconv.ErrRange
			}
		case name == "after":
			p.after, err = strconv.ParseUint(value, 10, 64)
		case name == "before":
			p.before, err = strconv.ParseUint(value, 10, 64)
		default:
			err = strconv.ErrSyntax
		}
		if err != nil {
			Problem(w, http.StatusBadRequest, "There are action, gateway, host, asset, family, confidence, id, path, limit (1 to 1000), after and before.")
			return
		}
	}
	p.match = func(event []byte) bool {
		for member, value := range want {
			if gjson.GetBytes(event, member).String() != value {
				return false
			}
		}
		return path == "" || strings.Contains(gjson.GetBytes(event, `url\.path`).String(), path)
	}
	found, last, next := e.ring.list(p)
	JSON(w, map[string]any{"events": found, "last": last, "next": next})
}
