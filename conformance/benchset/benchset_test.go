package benchset

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSample holds the sample in the repository to the sizes that the kinds'
// names promise.
func TestSample(t *testing.T) {
	s, err := Read(filepath.Join("..", "..", "core", "testdata", "bench_requests.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string][2]int64{
		"small_get":   {300, 700},
		"browser_get": {1500, 2600},
		"json_1k":     {1000, 2000},
		"json_10k":    {9000, 13000},
		"form_100k":   {90000, 120000},
		"upload_1m":   {1 << 20, 1<<20 + 4096},
	}
	if len(s.Kinds) != len(sizes) {
		t.Errorf("%d kinds, want %d", len(s.Kinds), len(sizes))
	}
	for _, k := range s.Kinds {
		if len(k.Requests) < 2 {
			t.Errorf("%s: %d requests, want two or more", k.Name, len(k.Requests))
		}
		for i := range k.Requests {
			if n, want := k.Requests[i].Bytes(), sizes[k.Name]; n < want[0] || n > want[1] {
				t.Errorf("%s %s: %d bytes, want %d to %d", k.Name, k.Requests[i].ID, n, want[0], want[1])
			}
		}
	}
}

func TestLoadNamedFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.jsonl")
	line := `{"id":"1","kind":"k","method":"POST","uri":"/a","headers":[["Host","h"]],"body_b64":"YWI=","parts":[{"text":"c","times":2}]}`
	if err := os.WriteFile(file, []byte(line+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GLACIS_BENCH", file)
	s, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	r := s.Kinds[0].Requests[0]
	if s.Sample || string(r.Body) != "abcc" || r.Headers[0].Value != "h" {
		t.Errorf("read %+v from %s (sample %v)", r, s.File, s.Sample)
	}
	wire := "POST /a HTTP/1.1\r\nHost: h\r\n\r\nabcc"
	if got := s.Kinds[0].Bytes(); got != int64(len(wire)) {
		t.Errorf("%d bytes, want %d", got, len(wire))
	}
}

func TestReadErrors(t *testing.T) {
	for name, text := range map[string]string{
		"empty":      "",
		"not JSON":   "x\n",
		"no kind":    `{"method":"GET","uri":"/"}`,
		"bad base64": `{"kind":"k","method":"GET","uri":"/","body_b64":"*"}`,
	} {
		file := filepath.Join(t.TempDir(), "r.jsonl")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(file); err == nil || !strings.Contains(err.Error(), "benchmark requests") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
