package main

import (
	"encoding/json"
	"net/http"

	"github.com/glacis-waf/glacis/models/delivery"
)

// modelStatus is what GET /-/model answers.
type modelStatus struct {
	delivery.Status
	// Update is a newer model in the registry.
	Update *modelUpdate `json:"update,omitempty"`
}

type modelUpdate struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Created string `json:"created"`
	Digest  string `json:"digest"`
}

func (s *modelService) status() modelStatus {
	out := modelStatus{Status: s.holder.Status()}
	if d := s.notice.Load(); d != nil {
		out.Update = &modelUpdate{d.Name, d.Version, d.Created, d.Digest}
	}
	return out
}

// routes are the endpoints of the local listener: GET /-/model (status),
// POST /-/model/reload (as SIGHUP; 409 if a model was refused) and, with a
// shadow model, GET /-/shadow (the report).
func (s *modelService) routes() map[string]http.Handler {
	answer := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v) // a client that has gone needs no answer
	}
	out := map[string]http.Handler{
		"GET /-/model": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, s.status()) }),
		"POST /-/model/reload": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			status := http.StatusOK
			if err := s.reload(r.Context()); err != nil {
				status = http.StatusConflict
			}
			answer(w, status, s.status())
		}),
	}
	if report := s.differences(); report != nil {
		out["GET /-/shadow"] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, report()) })
	}
	return out
}
