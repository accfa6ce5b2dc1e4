package api

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// maxPolicyPolls is how many callers may wait for another policy at a time; one
// more is answered at once.
const maxPolicyPolls = 1024

// Policy is GET /v1/policy: the policy in force as glacis policy compile prints
// it, which every wrapper takes inline, with its version as ETag. A client that
// knows the ETag gets 304, with ?wait=seconds only after that time, or another
// policy as soon as there is one; 404 means that there is none. sign makes the
// sidecar's signature of it (signing.Key.SignPolicy), nil for none; it stands in
// SignatureHeader.
func Policy(s *inspection.Service, sign func(compiled []byte) string) Route {
	p := policyHandler{service: s, sign: sign, polls: make(chan struct{}, maxPolicyPolls)}
	return Route{Pattern: "GET /v1/policy", Agents: true, Handler: p}
}

type policyHandler struct {
	service *inspection.Service
	sign    func([]byte) string
	polls   chan struct{}
}

// ServeHTTP implements http.Handler.
func (h policyHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wait := 0
	if text := r.URL.Query().Get("wait"); text != "" {
		var err error
		if wait, err = strconv.Atoi(text); err != nil || wait < 0 || wait > maxWait {
			Problem(w, http.StatusBadRequest, "wait: want 0 to 25 seconds")
			return
		}
	}
	p := h.await(r, time.Duration(wait)*time.Second)
	if p == nil {
		Problem(w, http.StatusNotFound, "There is no policy.")
		return
	}
	compiled := policy.Encode(p.Document())
	if h.sign != nil {
		w.Header().Set(SignatureHeader, h.sign(compiled))
	}
	serveVersion(w, r, "application/json", p.Version(), compiled)
}

// await returns the policy in force, waiting for another one than the caller's.
func (h policyHandler) await(r *http.Request, wait time.Duration) *policy.Policy {
	p, replaced := h.service.Policy()
	if wait == 0 || !h.known(p, r) {
		return p
	}
	select {
	case h.polls <- struct{}{}:
		defer func() { <-h.polls }()
	default: // too many wait: this one asks again
		return p
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for h.known(p, r) {
		select {
		case <-replaced:
			p, replaced = h.service.Policy()
		case <-timer.C:
			return p
		case <-r.Context().Done():
			return p
		}
	}
	return p
}

// known says whether a policy is the caller's, or none where it has none.
func (h policyHandler) known(p *policy.Policy, r *http.Request) bool {
	etag := r.Header.Get("If-None-Match")
	if p == nil {
		return etag == ""
	}
	return etag == quoted(p.Version())
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
