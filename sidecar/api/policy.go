package api

import (
	"bytes"
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// Policy is GET /v1/policy: the policy in force as glacis policy compile prints
// it, which every wrapper takes inline, with its version as ETag. A client that
// knows the ETag gets 304; 404 means that there is none.
func Policy(s *inspection.Service) Route {
	return Route{Pattern: "GET /v1/policy", Agents: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.Engine().Policy()
		if p == nil {
			Problem(w, http.StatusNotFound, "There is no policy.")
			return
		}
		serveVersion(w, r, "application/json", p.Version(), policy.Encode(p.Document()))
	})}
}

// serveVersion answers with what is in force, tag being its ETag without quotes;
// a client that has that version gets 304.
func serveVersion(w http.ResponseWriter, r *http.Request, contentType, tag string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
