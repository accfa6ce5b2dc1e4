package train

import (
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const lines = `{"id":"a","label":"attack","method":"GET","uri":"/?q=1","headers":[["A","b"]],"payload":"1"}
{"id":"b","label":"benign","method":"POST","uri":"/","body_b64":"aGVsbG8="}
`

// TestReadFile reads the same lines plain and gzipped.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	plain, packed := filepath.Join(dir, "mine.jsonl"), filepath.Join(dir, "mine.x.jsonl.gz")
	if err := os.WriteFile(plain, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(packed)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	z.Write([]byte(lines))
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{plain, packed} {
		var got []string
		err := ReadFile(name, func(r *Record) error {
			q, err := r.Request()
			if err != nil {
				return err
			}
			got = append(got, r.File+" "+r.ID+" "+r.Label+" "+q.Method+" "+q.URI+" "+string(q.Body))
			return nil
		})
		if err != nil || strings.Join(got, "|") != "mine a attack GET /?q=1 |mine b benign POST / hello" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	found, err := Files(dir, "mine")
	if err != nil || len(found) != 2 || found[0] != plain {
		t.Errorf("%v, %v", found, err)
	}
}

func TestReadFileErrors(t *testing.T) {
	pass := func(r *Record) error { _, err := r.Request(); return err }
	for name, c := range map[string]struct{ file, content, want string }{
		"absent":   {"", "", "open corpus"},
		"syntax":   {"x.jsonl", lines + "{\n", "line 3"},
		"base64":   {"x.jsonl", `{"id":"z","body_b64":"*"}`, "body of z"},
		"not gzip": {"x.jsonl.gz", lines, "read corpus"},
	} {
		path := filepath.Join(t.TempDir(), "absent"+c.file)
		if c.file != "" {
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := ReadFile(path, pass); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
