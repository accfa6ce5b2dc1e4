package conformance

import (
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func writeCorpus(t *testing.T, dir, name string, n int) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, name+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	w := gzip.NewWriter(f)
	for i := range n {
		fmt.Fprintf(w, "{\"id\":\"%s-%d\",\"method\":\"POST\",\"uri\":\"/x\",\"headers\":[[\"Host\",\"h\"],[\"Content-Length\",\"9\"],[\"X-A\",\"1\"]],\"body_b64\":\"YWJj\"}\n", name, i)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestReadSample: always the same requests, an equal share from each file, a
// small file's share goes to the others.
func TestReadSample(t *testing.T) {
	dir := t.TempDir()
	writeCorpus(t, dir, "large", 1000)
	writeCorpus(t, dir, "middle", 100)
	writeCorpus(t, dir, "small", 3)
	list, err := readSample(dir, 43)
	if err != nil || len(list) != 43 {
		t.Fatalf("%d requests, %v", len(list), err)
	}
	count := map[string]int{}
	for _, r := range list {
		count[r.ID[:5]]++
	}
	if want := map[string]int{"large": 20, "middl": 20, "small": 3}; !cmp.Equal(count, want) {
		t.Errorf("%v, want %v", count, want)
	}
	again, err := readSample(dir, 43)
	if err != nil || !cmp.Equal(list, again) {
		t.Errorf("another sample: %v", err)
	}
	r := list[0].request()
	if len(r.Headers) != 2 || r.Headers[1].Name != "X-A" || string(r.Body) != "abc" {
		t.Errorf("%+v", r)
	}
}

func TestReadSampleNothing(t *testing.T) {
	if list, err := readSample(t.TempDir(), 10); len(list) != 0 || err != nil {
		t.Errorf("%v, %v", list, err)
	}
}
