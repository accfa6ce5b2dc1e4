package api

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/models/delivery"
)

// Model is GET /v1/model: the archive of the model in force, for wrappers that
// take theirs from the sidecar, with the signature file in
// delivery.SignatureHeader and the SHA-256 as ETag. A client that knows the
// ETag gets 304; 404 means that the embedded model is in force. Whoever takes
// the model checks its signature himself.
func Model(current func() *delivery.Model) Route {
	return Route{Pattern: "GET " + delivery.ModelPath, Agents: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := current()
		if m == nil {
			Problem(w, http.StatusNotFound, "The embedded model is in force.")
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/gzip")
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("ETag", `"`+modelTag(m)+`"`)
		if len(m.Signature) > 0 {
			h.Set(delivery.SignatureHeader, base64.StdEncoding.EncodeToString(m.Signature))
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(m.Archive))
	})}
}

// modelTag changes with the signature, too: a model that was signed anew is to
// be fetched again.
func modelTag(m *delivery.Model) string { return m.Digest + "-" + m.Signer }
