package conformance

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
	"github.com/glacis-waf/glacis/core"
)

// corporaDir is $CORPORA or ../shared/corpora beside the repository.
func corporaDir() string {
	if dir := os.Getenv("CORPORA"); dir != "" {
		return dir
	}
	module, err := set.FindModule(".", "github.com/glacis-waf/glacis")
	if err != nil {
		return ""
	}
	return filepath.Join(module.Dir, "..", "shared", "corpora")
}

// recorded is a request of the training data; see models/README.md.
type recorded struct {
	ID, Method, URI string
	Headers         [][2]string
	Body            []byte `json:"body_b64"`
}

// request leaves out what belonged to the recorded connection.
func (r *recorded) request() core.Request {
	out := core.Request{Method: r.Method, URI: r.URI, Body: r.Body}
	for _, h := range r.Headers {
		if !strings.Contains(private, " "+strings.ToLower(h[0])+" ") || strings.EqualFold(h[0], "host") {
			out.Headers = append(out.Headers, core.Header{Name: h[0], Value: h[1]})
		}
	}
	return out
}

// readSample returns n requests, always the same, an equal share from each file
// of dir as far as it has that many.
func readSample(dir string, n int) ([]recorded, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl.gz"))
	if err != nil || len(files) == 0 || n == 0 {
		return nil, err
	}
	var lists [][]recorded
	for _, name := range files {
		list, err := pick(name, 4*n/len(files)+1)
		if err != nil {
			return nil, fmt.Errorf("sample: %s: %w", name, err)
		}
		lists = append(lists, list)
	}
	var out []recorded
	for i := 0; len(out) < n; i++ {
		before := len(out)
		for _, list := range lists {
			if i < len(list) && len(out) < n {
				out = append(out, list[i])
			}
		}
		if len(out) == before {
			break
		}
	}
	return out, nil
}

// pick returns up to n requests of a file, those whose lines hash lowest.
func pick(name string, n int) ([]recorded, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var lowest []hashed
	scan := bufio.NewScanner(unzipped)
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		h := fnv.New64a()
		_, _ = h.Write(scan.Bytes()) // never an error
		if lowest = append(lowest, hashed{h.Sum64(), scan.Text()}); len(lowest) >= 2*n {
			lowest = low(lowest, n)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, err
	}
	var out []recorded
	for _, l := range low(lowest, n) {
		var r recorded
		if err := json.Unmarshal([]byte(l.line), &r); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// hashed is a line with what decides whether it is picked.
type hashed struct {
	hash uint64
	line string
}

// low keeps the n lowest.
func low(list []hashed, n int) []hashed {
	slices.SortFunc(list, func(a, b hashed) int { return cmp.Compare(a.hash, b.hash) })
	return list[:min(n, len(list))]
}
