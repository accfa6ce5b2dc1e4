// Package benchset loads the requests that benchmarks are run over: honest
// traffic in six kinds, from a small GET to a 1 MiB upload.
package benchset

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
	"github.com/glacis-waf/glacis/core"
)

// Request is one request with its kind.
type Request struct {
	core.Request
	// ID names the request in its file.
	ID string
	// Kind is small_get, browser_get, json_1k, json_10k, form_100k or upload_1m.
	Kind string
}

// Bytes is the size of the request as an HTTP/1.1 message.
func (r *Request) Bytes() int64 {
	n := len(r.Method) + len(r.URI) + len("  HTTP/1.1\r\n") + len("\r\n") + len(r.Body)
	for _, h := range r.Headers {
		n += len(h.Name) + len(h.Value) + len(": \r\n")
	}
	return int64(n)
}

// Kind is the requests of one kind.
type Kind struct {
	Name     string
	Requests []Request
}

// Bytes is the mean size of a request, for bytes a second.
func (k *Kind) Bytes() int64 {
	var n int64
	for i := range k.Requests {
		n += k.Requests[i].Bytes()
	}
	return n / int64(len(k.Requests))
}

// Set is a file of requests.
type Set struct {
	// File is where they came from.
	File string
	// Sample is true when the file is the small one of the repository, because
	// the full set was not found.
	Sample bool
	// Kinds in the order of their first request; none is empty.
	Kinds []Kind
}

// Load reads the file that the variable GLACIS_BENCH names, or else
// ../shared/bench_requests.jsonl beside the repository, or else the sample in
// core/testdata. The working directory must be inside the repository.
func Load() (*Set, error) {
	if file := os.Getenv("GLACIS_BENCH"); file != "" {
		return Read(file)
	}
	module, err := set.FindModule(".", "github.com/glacis-waf/glacis")
	if err != nil {
		return nil, fmt.Errorf("benchmark requests: %w", err)
	}
	s, err := Read(filepath.Join(module.Dir, "..", "shared", "bench_requests.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		if s, err = Read(filepath.Join(module.Dir, "core", "testdata", "bench_requests.jsonl")); err == nil {
			s.Sample = true
		}
	}
	return s, err
}

// Read reads a file of JSON Lines: the corpus format (method, uri, headers,
// body_b64) with a kind, or with a body in parts as the sample has it.
func Read(file string) (*Set, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("benchmark requests: %w", err)
	}
	defer f.Close()
	s := &Set{File: file}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		r, err := parse(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("benchmark requests: %s line %d: %w", file, n, err)
		}
		s.add(r)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("benchmark requests: %s: %w", file, err)
	}
	if len(s.Kinds) == 0 {
		return nil, fmt.Errorf("benchmark requests: %s is empty", file)
	}
	return s, nil
}

func (s *Set) add(r Request) {
	for i := range s.Kinds {
		if s.Kinds[i].Name == r.Kind {
			s.Kinds[i].Requests = append(s.Kinds[i].Requests, r)
			return
		}
	}
	s.Kinds = append(s.Kinds, Kind{Name: r.Kind, Requests: []Request{r}})
}

func parse(line []byte) (Request, error) {
	var in struct {
		ID      string
		Kind    string
		Method  string
		URI     string
		Headers [][2]string
		Body    string `json:"body_b64"`
		Parts   []part
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return Request{}, err
	}
	if in.Kind == "" || in.Method == "" || in.URI == "" {
		return Request{}, errors.New("kind, method or uri is missing")
	}
	r := Request{ID: in.ID, Kind: in.Kind, Request: core.Request{Method: in.Method, URI: in.URI}}
	for _, h := range in.Headers {
		r.Headers = append(r.Headers, core.Header{Name: h[0], Value: h[1]})
	}
	body, err := base64.StdEncoding.DecodeString(in.Body)
	if err != nil {
		return Request{}, err
	}
	for _, p := range in.Parts {
		body = p.appendTo(body)
	}
	r.Body = body
	return r, nil
}
