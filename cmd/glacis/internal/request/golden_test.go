package request

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/glacis-waf/glacis/internal/golden"
)

// dump reads a source to its end and writes down everything it said.
func dump(t *testing.T, s *Source) string {
	t.Helper()
	var b strings.Builder
	for f := range s.Frames() {
		requests, err := s.Decode(f, nil)
		fmt.Fprintf(&b, "line %d\n", f.Line)
		for _, r := range requests {
			fmt.Fprintf(&b, "  id %q method %q uri %q\n", r.ID, r.HTTP.Method, r.HTTP.URI)
			for _, h := range r.HTTP.Headers {
				fmt.Fprintf(&b, "    %q: %q\n", h.Name, h.Value)
			}
			if r.HTTP.Body != nil {
				fmt.Fprintf(&b, "    body %q\n", r.HTTP.Body)
			}
			for _, h := range r.HTTP.Trailers {
				fmt.Fprintf(&b, "    trailer %q: %q\n", h.Name, h.Value)
			}
			if meta := r.Source + r.Label + r.Category + r.Kind + r.Payload; meta != "" || r.Weak {
				fmt.Fprintf(&b, "    source %q label %q category %q kind %q payload %q weak %v\n",
					r.Source, r.Label, r.Category, r.Kind, r.Payload, r.Weak)
			}
		}
		if err != nil {
			fmt.Fprintf(&b, "  error: %v\n", err)
		}
	}
	return b.String()
}

func open(t *testing.T, data []byte, format string) *Source {
	t.Helper()
	s, err := Open(bytes.NewReader(data), "in", format)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGolden reads testdata/<format>/*.txt and compares with the .golden file
// beside it: as it is, recognised, with CRLF where that means the same, one
// byte at a time, compressed, and behind a byte-order mark.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.ToSlash(strings.TrimPrefix(file, "testdata/")), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			format := filepath.Base(filepath.Dir(file))
			got := dump(t, open(t, data, format))
			golden.Equal(t, strings.TrimSuffix(file, ".txt")+".golden", got)
			checkVariants(t, data, format, got)
		})
	}
}

func checkVariants(t *testing.T, data []byte, format, want string) {
	t.Helper()
	variants := map[string][]byte{"compressed": compress(t, data), "byte-order mark": append([]byte("\xef\xbb\xbf"), data...)}
	if format != "raw" && format != "curl" {
		variants["CRLF"] = bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	}
	for name, variant := range variants {
		if got := dump(t, open(t, variant, format)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	for _, name := range []string{format, Auto} {
		s, err := Open(iotest.OneByteReader(bytes.NewReader(data)), "in", name)
		if err != nil {
			t.Fatal(err)
		}
		if s.Format() != format {
			t.Errorf("recognised as %s, is %s", s.Format(), format)
		} else if got := dump(t, s); got != want {
			t.Errorf("byte by byte as %s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func compress(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
