package api

import (
	"encoding/json"
	"net/http"
)

// problem is an RFC 9457 problem.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// Problem answers with an RFC 9457 problem. detail must not repeat what the
// client sent.
func Problem(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, status, "application/problem+json", problem{"about:blank", http.StatusText(status), status, detail})
}

// JSON answers 200 with a value.
func JSON(w http.ResponseWriter, v any) { writeJSON(w, http.StatusOK, "application/json", v) }

func writeJSON(w http.ResponseWriter, status int, kind string, v any) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a client that has gone needs no answer
}
