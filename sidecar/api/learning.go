package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// gather asks all partitions for lists and puts them together in order.
func gather[T any](l *Learning, w http.ResponseWriter, r *http.Request, op string, order func(a, b T) int) ([]T, bool) {
	ctx, cancel := limited(r)
	defer cancel()
	all := []T{}
	err := l.store.All(ctx, &store.Call{Op: op}, func(data json.RawMessage) error {
		var part []T
		err := json.Unmarshal(data, &part)
		all = append(all, part...)
		return err
	})
	if err != nil {
		failed(w, err)
		return nil, false
	}
	slices.SortStableFunc(all, order)
	return all, true
}

// learningStatus is the answer of status.
type learningStatus struct {
	Profile string              `json:"profile"`
	Members []string            `json:"sidecars"`
	Assets  []learn.AssetStatus `json:"assets"`
	Counts  store.Counts        `json:"counts"`
	Learned learn.Counts        `json:"learned"`
}

// status says how far learning has come.
func (l *Learning) status(w http.ResponseWriter, r *http.Request) {
	assets, ok := gather(l, w, r, store.OpStatus, func(a, b learn.AssetStatus) int { return cmp.Compare(a.Name, b.Name) })
	if !ok {
		return
	}
	ctx, cancel := limited(r)
	defer cancel()
	answer := learningStatus{Assets: assets, Counts: l.store.Counts()}
	var err error
	if answer.Learned, err = LearnedCounts(ctx, l.store); err != nil {
		failed(w, err)
		return
	}
	_, answer.Profile, _ = l.store.Snapshot()
	answer.Members = l.store.Members(ctx)
	JSON(w, answer)
}

// LearnedCounts says what became of observations, in all partitions, since the
// store was made.
func LearnedCounts(ctx context.Context, s *store.Store) (all learn.Counts, err error) {
	err = s.All(ctx, &store.Call{Op: store.OpCounts}, func(data json.RawMessage) error {
		var part learn.Counts
		err := json.Unmarshal(data, &part)
		all.Add(part)
		return err
	})
	return all, err
}

// items lists the endpoints of an asset.
func (l *Learning) items(w http.ResponseWriter, r *http.Request) {
	list := []learn.EndpointStatus{}
	if l.one(w, r, store.OpEndpoints, &list) {
		JSON(w, map[string]any{"endpoints": list})
	}
}

// params lists the parameters of an endpoint with their evidence.
func (l *Learning) params(w http.ResponseWriter, r *http.Request) {
	list := []learn.ParamStatus{}
	if l.one(w, r, store.OpParams, &list) {
		JSON(w, map[string]any{"params": list})
	}
}

// inventory answers with what was learned of an asset as OpenAPI.
func (l *Learning) inventory(w http.ResponseWriter, r *http.Request) {
	var doc json.RawMessage
	if l.one(w, r, store.OpOpenAPI, &doc) {
		JSON(w, doc)
	}
}

// one asks about the asset that the parameter names.
func (l *Learning) one(w http.ResponseWriter, r *http.Request, op string, value any) bool {
	query := r.URL.Query()
	asset := query.Get("asset")
	if asset == "" {
		Problem(w, http.StatusBadRequest, "asset: is required")
		return false
	}
	ctx, cancel := limited(r)
	defer cancel()
	if err := l.store.Do(ctx, &store.Call{Op: op, Asset: asset, Method: query.Get("method"), Template: query.Get("template")}, value); err != nil {
		failed(w, err)
		return false
	}
	return true
}

// suggestions lists what an operator may want to settle.
func (l *Learning) suggestions(w http.ResponseWriter, r *http.Request) {
	list, ok := gather(l, w, r, store.OpSuggestions, learn.Rank)
	if ok {
		JSON(w, map[string]any{"suggestions": list})
	}
}

// audit lists what was decided, the oldest first.
func (l *Learning) audit(w http.ResponseWriter, r *http.Request) {
	list, ok := gather(l, w, r, store.OpAudit, func(a, b learn.Entry) int { return cmp.Compare(a.When, b.When) })
	if ok {
		JSON(w, map[string]any{"entries": list})
	}
}

// export answers with all that was learned, as YAML.
func (l *Learning) export(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := limited(r)
	defer cancel()
	all := learn.Export{APIVersion: learn.ExportVersion, Assets: []learn.ExportedAsset{}}
	err := l.store.All(ctx, &store.Call{Op: store.OpExport}, func(data json.RawMessage) error {
		var part learn.Export
		err := json.Unmarshal(data, &part)
		all.Assets, all.Decisions = append(all.Assets, part.Assets...), append(all.Decisions, part.Decisions...)
		return err
	})
	slices.SortFunc(all.Assets, func(a, b learn.ExportedAsset) int { return cmp.Compare(a.Name, b.Name) })
	var data []byte
	if err == nil {
		data, err = all.YAML()
	}
	if err != nil {
		failed(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // a client that has gone needs no answer
}
