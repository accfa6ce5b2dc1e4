package kong

import (
	"bytes"
	"io"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	driver "github.com/glacis-waf/glacis/conformance/kong"
)

// TestCompressed has bodies inspected that the engine alone cannot decompress.
func TestCompressed(t *testing.T) {
	r := newRig(t, "", Options{})
	for encoding, writer := range map[string]func(io.Writer) io.WriteCloser{
		"br": func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
	} {
		for body, status := range map[string]int{`{"name":"Anna"}`: 0, `{"id":"1' UNION SELECT username,password FROM users-- "}`: 403} {
			var packed bytes.Buffer
			w := writer(&packed)
			if _, err := io.WriteString(w, body); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			r.wantStatus(status, post(packed.String(), driver.Header{Name: "Content-Type", Value: "application/json"},
				driver.Header{Name: "Content-Encoding", Value: encoding}))
		}
	}
}
