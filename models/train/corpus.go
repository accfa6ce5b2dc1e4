// Package train fits Glacis models: it reads labelled requests, has the engine
// take them apart into values, fits the tables and measures them on sources
// that were left out.
package train

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// Record is one labelled request of a corpus file (JSON Lines).
type Record struct {
	ID       string      `json:"id"`
	Source   string      `json:"source"`
	Label    string      `json:"label"`
	Category string      `json:"category"`
	Shape    string      `json:"shape"`
	Payload  string      `json:"payload"`
	Weak     bool        `json:"weak"`
	Method   string      `json:"method"`
	URI      string      `json:"uri"`
	Headers  [][2]string `json:"headers"`
	Body     string      `json:"body_b64"`
	// File is the base name of the corpus file without its endings.
	File string `json:"-"`
}

// Request converts the record for the engine.
func (r *Record) Request() (*core.Request, error) {
	body, err := base64.StdEncoding.DecodeString(r.Body)
	if err != nil {
		return nil, fmt.Errorf("body of %s: %w", r.ID, err)
	}
	q := &core.Request{Method: r.Method, URI: r.URI, Body: body}
	q.Headers = make([]core.Header, len(r.Headers))
	for i, h := range r.Headers {
		q.Headers[i] = core.Header{Name: h[0], Value: h[1]}
	}
	return q, nil
}

// Files lists the corpus files of a directory whose names begin with prefix.
func Files(dir, prefix string) ([]string, error) {
	names, err := filepath.Glob(filepath.Join(dir, prefix+"*.jsonl.gz"))
	if err != nil {
		return nil, fmt.Errorf("list corpora: %w", err)
	}
	more, err := filepath.Glob(filepath.Join(dir, prefix+"*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("list corpora: %w", err)
	}
	names = append(names, more...)
	sort.Strings(names)
	return names, nil
}

// ReadFile calls visit for each record of a corpus file, in order.
func ReadFile(name string, visit func(*Record) error) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open corpus: %w", err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return fmt.Errorf("read corpus %s: %w", name, err)
		}
		r = z
	}
	base := filepath.Base(name)
	if i := strings.IndexByte(base, '.'); i >= 0 {
		base = base[:i]
	}
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<20), 64<<20)
	for line := 1; s.Scan(); line++ {
		rec := Record{File: base}
		if err := json.Unmarshal(s.Bytes(), &rec); err != nil {
			return fmt.Errorf("%s line %d: %w", name, line, err)
		}
		if err := visit(&rec); err != nil {
			return fmt.Errorf("%s line %d: %w", name, line, err)
		}
	}
	return s.Err()
}
