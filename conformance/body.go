package conformance

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
)

// maxBody bounds what a case may generate.
const maxBody = 32 << 20

// join makes the bytes of a list of parts.
func join(parts []part) ([]byte, error) {
	var out []byte
	for i := range parts {
		b, err := parts[i].make()
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", i+1, err)
		}
		if len(out)+len(b) > maxBody {
			return nil, fmt.Errorf("part %d: more than %d bytes in all", i+1, maxBody)
		}
		out = append(out, b...)
	}
	return out, nil
}

func (p *part) make() ([]byte, error) {
	forms := 0
	for _, set := range []bool{p.Text != "", p.Repeat != "", p.Random, p.Hex != "", p.Gzip != nil, p.Zlib != nil, p.Base64 != nil} {
		if set {
			forms++
		}
	}
	switch {
	case forms != 1:
		return nil, errors.New("want exactly one of text, repeat, random, hex, gzip, zlib, base64")
	case (p.Repeat != "" || p.Random) != (p.Bytes > 0):
		return nil, errors.New("bytes belongs to repeat and random, and must be positive")
	case p.Bytes > maxBody:
		return nil, fmt.Errorf("bytes: more than %d", maxBody)
	case p.Repeat != "":
		return bytes.Repeat([]byte(p.Repeat), p.Bytes/len(p.Repeat)+1)[:p.Bytes], nil
	case p.Random:
		b := make([]byte, p.Bytes)
		_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never an error
		return b, nil
	case p.Hex != "":
		return hex.DecodeString(p.Hex)
	case p.Gzip != nil:
		return compress(p.Gzip, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	case p.Zlib != nil:
		return compress(p.Zlib, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	case p.Base64 != nil:
		b, err := join(p.Base64)
		return []byte(base64.StdEncoding.EncodeToString(b)), err
	}
	return []byte(p.Text), nil
}

func compress(parts []part, writer func(io.Writer) io.WriteCloser) ([]byte, error) {
	b, err := join(parts)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := writer(&out)
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
