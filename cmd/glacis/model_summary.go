package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/train"
)

// sourceInfo says of a corpus file what its requests do not.
type sourceInfo struct {
	// License is the source's own, What is in it in words.
	License string `json:"licence"`
	What    string `json:"what"`
	// Requests is how many there are to be; 0 for any number.
	Requests int `json:"requests"`
}

// readSources reads a JSON object of corpus files, by their base names without
// endings; without a path it is empty.
func readSources(path string) (map[string]sourceInfo, error) {
	sources := map[string]sourceInfo{}
	if path == "" {
		return sources, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--sources: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&sources); err != nil {
		return nil, fmt.Errorf("--sources: %s: %w", path, err)
	}
	return sources, nil
}

// summarize says for a manifest what a model was trained on and what was
// measured: files in the order of their names.
func summarize(res *train.Result, o *train.Options, sources map[string]sourceInfo) models.Summary {
	var s models.Summary
	s.Training.Seed = o.Seed
	s.Training.Options = map[string]float64{
		"slots": float64(o.Slots), "epochs": float64(o.Epochs), "folds": float64(o.Folds), "flags": float64(o.Flags),
		"drop": round(o.Drop), "average": float64(o.Average), "reserve": 0,
		"rate": round(float64(o.Rate)), "l2": round(float64(o.L2)),
		"negative": round(float64(o.Negative)), "gate_rare": o.Gate.Rare,
		"gate_cover": float64(o.Gate.Cover), "gate_sources": float64(o.Gate.Sources), "gate_bare": o.Gate.Bare,
		"generated": float64(o.Generated), "augment": 0,
	}
	if o.Reserve {
		s.Training.Options["reserve"] = 1
	}
	if o.Augment {
		s.Training.Options["augment"] = 1
	}
	used, measured := map[fileKey]int{}, map[fileKey]*hits{}
	for i := range res.Set.Examples {
		x := &res.Set.Examples[i]
		if x.Augmented { // a copy is no request of the source
			continue
		}
		key := fileKey{x.File, "benign"}
		if x.Attack {
			key.label = "attack"
		}
		used[key]++
		// generated requests belong to no fold, and so were never left out;
		// weak ones are hardly attacks
		if strings.HasPrefix(x.File, "gen_") || x.Attack && x.Weak {
			continue
		}
		h := measured[key]
		if h == nil {
			h = new(hits)
			measured[key] = h
		}
		h.requests++
		for k := range res.Level(i) {
			h.level[k]++
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(used), fileKey.compare) {
		s.Training.Sources = append(s.Training.Sources,
			models.Source{Name: key.file, Label: key.label, License: sources[key.file].License, Requests: used[key]})
	}
	for _, key := range slices.SortedFunc(maps.Keys(measured), fileKey.compare) {
		h := measured[key]
		s.Metrics = append(s.Metrics, models.Metric{File: key.file, Label: key.label, Requests: h.requests,
			Medium: h.rate(0), High: h.rate(1), Critical: h.rate(2)})
	}
	return s
}

// fileKey is a corpus file and the label of some of its requests.
type fileKey struct{ file, label string }

func (k fileKey) compare(other fileKey) int {
	if c := strings.Compare(k.file, other.file); c != 0 {
		return c
	}
	return strings.Compare(k.label, other.label)
}

// hits counts the requests that reached a level.
type hits struct {
	requests int
	level    [3]int
}

func (h *hits) rate(k int) float64 { return round(float64(h.level[k]) / float64(h.requests)) }

// round keeps six digits: what a float32 or a rate needs to be read by people.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }
