package answer

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"

	"github.com/glacis-waf/glacis/decompress"
)

// Decode returns the first WindowBytes of an answer of which raw is the
// beginning, as its Content-Encoding has it; nothing if that is unknown or more
// than one. What is broken off or damaged is decoded as far as it goes.
func Decode(encoding string, raw []byte) []byte {
	in := bytes.NewReader(raw)
	switch name := strings.ToLower(strings.TrimSpace(encoding)); name {
	case "", "identity":
		return raw
	case "gzip", "x-gzip":
		if r, err := gzip.NewReader(in); err == nil {
			return beginning(r)
		}
	case "deflate":
		if r, err := zlib.NewReader(in); err == nil {
			return beginning(r)
		}
	default:
		if open := decompress.All()[name]; open != nil {
			var out []byte
			emit := func(p []byte) bool {
				out = append(out, p[:min(len(p), WindowBytes-len(out))]...)
				return len(out) < WindowBytes
			}
			d := open()
			_ = d.Write(raw, emit) // what is damaged is the client's to refuse
			_ = d.Close(emit)
			return out
		}
	}
	return nil
}

func beginning(r io.Reader) []byte {
	out := make([]byte, WindowBytes)
	n, _ := io.ReadFull(r, out) // what is damaged is the client's to refuse
	return out[:n]
}
