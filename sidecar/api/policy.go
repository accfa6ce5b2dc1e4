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
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("ETag", `"`+p.Version()+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(policy.Encode(p.Document())))
	})}
}
