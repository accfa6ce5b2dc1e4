package api

import (
	"encoding/base64"
	"net/http"

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
		if len(m.Signature) > 0 {
			w.Header().Set(delivery.SignatureHeader, base64.StdEncoding.EncodeToString(m.Signature))
		}
		serveVersion(w, r, "application/gzip", modelTag(m), m.Archive)
	})}
}

// modelTag changes with the signature, too: a model that was signed anew is to
// be fetched again.
func modelTag(m *delivery.Model) string { return m.Digest + "-" + m.Signer }
