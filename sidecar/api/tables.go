package api

import (
	"bytes"
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

// Tables is GET /v1/model/tables: the tables of the model in force without their
// archive, for wrappers that can neither unpack one nor check its publisher's
// signature, as WebAssembly guests cannot. The sidecar has done both. sign makes
// the sidecar's own signature of them (signing.Key.SignModel), nil for none; it
// stands in SignatureHeader. ETag and 404 are those of Model.
func Tables(current func() *delivery.Model, sign func(tables []byte) string) Route {
	return Route{Pattern: "GET " + delivery.ModelPath + "/tables", Agents: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := current()
		if m == nil {
			Problem(w, http.StatusNotFound, "The embedded model is in force.")
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("ETag", `"`+modelTag(m)+`"`)
		if r.Header.Get("If-None-Match") == h.Get("ETag") {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		tables, err := models.Tables(m.Archive)
		if err != nil { // it was checked before it was put in force
			h.Del("ETag")
			Problem(w, http.StatusInternalServerError, "The model cannot be unpacked.")
			return
		}
		h.Set("Content-Type", "application/vnd.glacis.model")
		if sign != nil {
			h.Set(SignatureHeader, sign(tables))
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(tables))
	})}
}
