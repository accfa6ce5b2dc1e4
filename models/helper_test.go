package models

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/glacis-waf/glacis/models/basic"
)

// tables returns the embedded model's tables.
func tables(t testing.TB) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pack makes an archive of the embedded model, once.
func pack(t testing.TB) []byte {
	t.Helper()
	once.Do(func() { packed = packNow(t) })
	return append([]byte(nil), packed...)
}

var (
	once   sync.Once
	packed []byte
)

func packNow(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Pack(&b, &Contents{Tables: tables(t), Summary: summary}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var summary = Summary{
	Training: Training{Seed: 7, Options: map[string]float64{"epochs": 4, "slots": 425984},
		Sources: []Source{{Name: "own", Label: "attack", License: "Apache-2.0", Requests: 12}}},
	Metrics: []Metric{{File: "own", Label: "attack", Requests: 12, Medium: 1, High: 0.75, Critical: 0.5}},
}

// entries takes an archive apart, so that tests can spoil a part of it.
func entries(t testing.TB) []entry {
	t.Helper()
	files, err := unpack(pack(t))
	if err != nil {
		t.Fatal(err)
	}
	var out []entry
	for _, name := range []string{ManifestName, TablesName, LicenseName, GoldenName} {
		out = append(out, entry{name, files[name]})
	}
	return out
}

// file writes data into a temporary file.
func file(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
