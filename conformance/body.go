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

// checkParts reports the first part that makes no sense. The bytes are made
// only when the case is sent.
func checkParts(parts []part) error {
	total := 0
	for i := range parts {
		if err := parts[i].check(); err != nil {
			return fmt.Errorf("part %d: %w", i+1, err)
		}
		if total += parts[i].Bytes; total > maxBody {
			return fmt.Errorf("part %d: more than %d bytes in all", i+1, maxBody)
		}
	}
	return nil
}

func (p *part) check() error {
	forms := 0
	for _, set := range []bool{p.Text != "", p.Repeat != "", p.Random, p.Hex != "", p.Gzip != nil, p.Zlib != nil, p.Base64 != nil} {
		if set {
			forms++
		}
	}
	if forms != 1 {
		return errors.New("want exactly one of text, repeat, random, hex, gzip, zlib, base64")
	}
	if (p.Repeat != "" || p.Random) != (p.Bytes > 0) {
		return errors.New("bytes belongs to repeat and random, and must be positive")
	}
	if _, err := hex.DecodeString(p.Hex); err != nil {
		return err
	}
	for _, inner := range [][]part{p.Gzip, p.Zlib, p.Base64} {
		if err := checkParts(inner); err != nil {
			return err
		}
	}
	return nil
}

// join makes the bytes of checked parts.
func join(parts []part) []byte {
	var out []byte
	for i := range parts {
		out = append(out, parts[i].make()...)
	}
	return out
}

func (p *part) make() []byte {
	switch {
	case p.Repeat != "":
		return bytes.Repeat([]byte(p.Repeat), p.Bytes/len(p.Repeat)+1)[:p.Bytes]
	case p.Random:
		b := make([]byte, p.Bytes)
		_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never an error
		return b
	case p.Hex != "":
		b, _ := hex.DecodeString(p.Hex) // checked
		return b
	case p.Gzip != nil:
		return compress(p.Gzip, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	case p.Zlib != nil:
		return compress(p.Zlib, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	case p.Base64 != nil:
		return []byte(base64.StdEncoding.EncodeToString(join(p.Base64)))
	}
	return []byte(p.Text)
}

func compress(parts []part, writer func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := writer(&out)
	_, _ = w.Write(join(parts)) // a Buffer never fails
	_ = w.Close()
	return out.Bytes()
}
