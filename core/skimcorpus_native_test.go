package core

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestSkimCorpora compares both ways over recorded traffic, honest and hostile,
// where that is at hand.
func TestSkimCorpora(t *testing.T) {
	dir := os.Getenv("CORPORA")
	if dir == "" {
		dir = "../../shared/corpora"
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		t.Skipf("no training data in %s: set CORPORA", dir)
	}
	plain, skimming := skimPair(t)
	most := 400
	if testing.Short() {
		most = 50
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 32<<20)
		for n := 0; n < most && lines.Scan(); n++ {
			sameWalk(t, plain, skimming, recorded(t, lines.Bytes()))
		}
	}
}

// recorded reads a request of the corpus format.
func recorded(t *testing.T, line []byte) *Request {
	var in struct {
		Method, URI string
		Headers     [][2]string
		Body        string `json:"body_b64"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		t.Fatal(err)
	}
	r := &Request{Method: in.Method, URI: in.URI}
	for _, h := range in.Headers {
		r.Headers = append(r.Headers, Header{Name: h[0], Value: h[1]})
	}
	body, err := base64.StdEncoding.DecodeString(in.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = body
	return r
}
