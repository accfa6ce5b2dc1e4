package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// Report is what a full run against a target found. It lies as JSON in
// build/conformance, where the writer of docs/conformance.md finds it.
type Report struct {
	Target string `json:"target"`
	// Date is the day of the run in UTC, Model the reference engine's.
	Date  string `json:"date"`
	Model string `json:"model"`
	Cases int    `json:"cases"`
	// Groups counts outcomes by group.
	Groups map[string]map[Outcome]int `json:"groups"`
	// Notes are the results that are not plainly OK.
	Notes []Result `json:"notes"`
	// Sample is what became of the recorded traffic.
	Sample Sample `json:"sample"`
}

// Sample counts what became of recorded traffic.
type Sample struct {
	Sent int `json:"sent"`
	// Equal had the engine's verdict and arrived unchanged if they passed.
	Equal int `json:"equal"`
	// Refused by the gateway itself, before Glacis, by status; 0 is hung up.
	Refused map[int]int `json:"refused"`
	Differ  int         `json:"differ"`
}

func newReport(target Target) *Report {
	r := &Report{Target: target.Name(), Date: time.Now().UTC().Format(time.DateOnly), Groups: map[string]map[Outcome]int{},
		Sample: Sample{Refused: map[int]int{}}}
	if engine, err := reference(); err == nil {
		r.Model = engine.Model()
	}
	return r
}

func (r *Report) add(res Result) {
	r.Cases++
	if r.Groups[res.Group] == nil {
		r.Groups[res.Group] = map[Outcome]int{}
	}
	r.Groups[res.Group][res.Outcome]++
	if res.Detail != "" {
		r.Notes = append(r.Notes, res)
	}
}

// resultsDir is where reports lie: $GLACIS_CONFORMANCE or build/conformance.
func resultsDir() (string, error) {
	if dir := os.Getenv("GLACIS_CONFORMANCE"); dir != "" {
		return dir, nil
	}
	module, err := set.FindModule(".", "github.com/glacis-waf/glacis")
	if err != nil {
		return "", err
	}
	return filepath.Join(module.Dir, "build", "conformance"), nil
}

func (r *Report) write() error {
	dir, err := resultsDir()
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(r.Target) + ".json"
	if err := os.WriteFile(filepath.Join(dir, name), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}
