package models

import (
	"encoding/base64"
	"fmt"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/basic"
)

// Report says what Verify found in a sound model file.
type Report struct {
	// Model is name and version, "basic 1.2.0".
	Model string `json:"model"`
	// Type is TypeBasic or TypeAdvanced, Created a day.
	Type    string `json:"type"`
	Created string `json:"created"`
	// Engine is the version of the engine that verified.
	Engine string `json:"engine"`
	// Packed is the size of the file in bytes.
	Packed int `json:"packed"`
	// Files lists what is in it, in the order of the archive; for raw tables
	// the tables alone.
	Files []File `json:"files"`
	// Golden is how many golden verdicts were reproduced: 0 for raw tables.
	Golden int `json:"golden"`
	// Manifest is nil for raw tables.
	Manifest *Manifest `json:"manifest,omitempty"`
}

// File is one file of a model archive.
type File struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Verify checks a model file as Open does and, for an archive, that this engine
// reproduces every golden verdict exactly. The first defect is the error; it
// names the file and the reason.
func Verify(path string) (*Report, error) {
	a, err := open(path)
	if err != nil {
		return nil, err
	}
	r, err := a.verify()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Check is Verify for a model file that is in memory; it also returns the
// model. Nothing of data is kept but what the model needs of it.
func Check(data []byte) (*model.Model, *Report, error) {
	if len(data) > MaxFile {
		return nil, nil, fmt.Errorf("more than %d bytes", MaxFile)
	}
	a, err := read(data)
	if err != nil {
		return nil, nil, err
	}
	r, err := a.verify()
	if err != nil {
		return nil, nil, err
	}
	return a.model, r, nil
}

func (a *archive) verify() (*Report, error) {
	r := a.report()
	if a.manifest == nil {
		return r, nil
	}
	e, err := core.New(core.Config{Model: a.model})
	if err != nil {
		return nil, err
	}
	if r.Golden, err = checkGolden(e, a.files[GoldenName]); err != nil {
		return nil, fmt.Errorf("%s: %w", GoldenName, err)
	}
	return r, nil
}

func (a *archive) report() *Report {
	r := &Report{Model: a.model.Name(), Type: a.model.Kind(), Created: a.model.Created(),
		Engine: core.Version, Packed: a.packed, Manifest: a.manifest}
	for _, name := range []string{ManifestName, TablesName, LicenseName, GoldenName} {
		if data, ok := a.files[name]; ok {
			r.Files = append(r.Files, File{Name: name, Size: len(data), SHA256: digest(data)})
		}
	}
	return r
}

// Describe reads a model file and says what is in it without running its golden
// verdicts.
func Describe(path string) (*Report, error) {
	a, err := open(path)
	if err != nil {
		return nil, err
	}
	return a.report(), nil
}

// Embedded describes the basic model that is part of this program.
func Embedded() (*Report, error) {
	data, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		return nil, fmt.Errorf("embedded model: %w", err)
	}
	a, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("embedded model: %w", err)
	}
	return a.report(), nil
}
