package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/glacis-waf/glacis/core/model"
)

// The types of model.
const (
	TypeBasic    = "basic"
	TypeAdvanced = "advanced"
)

// Manifest is manifest.json: what a model is, what it was made of and how well
// it does.
type Manifest struct {
	// Name, Version, Type and Created repeat what the tables say. Type is
	// TypeBasic or TypeAdvanced, Created a day, "2026-11-22".
	Name    string `json:"name"`
	Version string `json:"version"`
	Type    string `json:"type"`
	Created string `json:"created"`
	// MinimumEngineVersion is the lowest core.Version that may load the model.
	MinimumEngineVersion string `json:"minimum_engine_version"`
	// Files maps each of the other files to its SHA-256, 64 hexadecimal digits
	// in lower case.
	Files map[string]string `json:"files"`
	Summary
}

// Summary is the part of a manifest that only the trainer knows.
type Summary struct {
	Training Training `json:"training"`
	Metrics  []Metric `json:"metrics"`
}

// Training says what a model was trained on and how.
type Training struct {
	// Seed and Options repeat the run: the same sources, seed and options give
	// the same tables.
	Seed    int64              `json:"seed"`
	Options map[string]float64 `json:"options,omitempty"`
	Sources []Source           `json:"sources,omitempty"`
}

// Source is one source of training data.
type Source struct {
	Name string `json:"name"`
	// Label is "attack" or "benign".
	Label string `json:"label"`
	// License is the source's own, as an SPDX expression or in words; empty
	// when it was not stated.
	License  string `json:"licence,omitempty"`
	Requests int    `json:"requests"`
}

// Metric is what was measured on one file of requests whose sources were left
// out of the training that scored them.
type Metric struct {
	File string `json:"file"`
	// Label is "attack", where the rates are true-positive rates, or "benign",
	// where they are false-positive rates.
	Label    string `json:"label"`
	Requests int    `json:"requests"`
	// Medium, High and Critical are the shares, 0 to 1, of the requests that
	// reached that confidence.
	Medium   float64 `json:"medium"`
	High     float64 `json:"high"`
	Critical float64 `json:"critical"`
}

// ParseManifest reads a manifest.json and checks all that can be checked
// without the other files.
func ParseManifest(data []byte) (*Manifest, error) {
	m := new(Manifest)
	if err := strict(data, m); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Manifest) check() error {
	switch {
	case m.Name == "":
		return errors.New("no name")
	case m.Version == "":
		return errors.New("no version")
	case m.Type != TypeBasic && m.Type != TypeAdvanced:
		return fmt.Errorf("type %q is neither %s nor %s", m.Type, TypeBasic, TypeAdvanced)
	}
	if _, err := time.Parse(time.DateOnly, m.Created); err != nil {
		return fmt.Errorf("created: %q is not a day such as 2026-11-22", m.Created)
	}
	if _, err := parseVersion(m.MinimumEngineVersion); err != nil {
		return fmt.Errorf("minimum_engine_version: %w", err)
	}
	return m.Summary.check()
}

func (s *Summary) check() error {
	for _, x := range s.Training.Sources {
		if x.Name == "" || x.Requests < 0 || !validLabel(x.Label) {
			return fmt.Errorf("training: source %q has label %q and %d requests", x.Name, x.Label, x.Requests)
		}
	}
	for _, x := range s.Metrics {
		if x.File == "" || x.Requests < 0 || !validLabel(x.Label) {
			return fmt.Errorf("metrics: file %q has label %q and %d requests", x.File, x.Label, x.Requests)
		}
		if x.Critical < 0 || x.High < x.Critical || x.Medium < x.High || x.Medium > 1 {
			return fmt.Errorf("metrics: rates of %s are not 1 ≥ medium ≥ high ≥ critical ≥ 0", x.File)
		}
	}
	return nil
}

func validLabel(label string) bool { return label == "attack" || label == "benign" }

// ParseSummary reads the trainer's part of a manifest on its own.
func ParseSummary(data []byte) (*Summary, error) {
	s := new(Summary)
	if err := strict(data, s); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// Encode writes the summary as ParseSummary reads it.
func (s *Summary) Encode() ([]byte, error) { return encode(s) }

// matches says whether the manifest describes these tables.
func (m *Manifest) matches(t *model.Model) error {
	if want := m.Name + " " + m.Version; want != t.Name() || m.Type != t.Kind() || m.Created != t.Created() {
		return fmt.Errorf("says %q (%q, %q), the manifest %q (%q, %q)",
			t.Name(), t.Kind(), t.Created(), want, m.Type, m.Created)
	}
	return nil
}

// encode writes JSON for people to read; map keys come in order.
func encode(v any) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}
