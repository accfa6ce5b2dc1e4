package answer

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"testing"

	"github.com/andybalholm/brotli"
)

func packed(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecode(t *testing.T) {
	text := []byte("Traceback (most recent call last)")
	if got := Decode("GZIP", packed(t, text)); !bytes.Equal(got, text) {
		t.Errorf("%q", got)
	}
	for _, encoding := range []string{"", "identity"} {
		if got := Decode(encoding, text); !bytes.Equal(got, text) {
			t.Errorf("%s: %q", encoding, got)
		}
	}
	var flat, br bytes.Buffer
	for encoding, w := range map[string]io.WriteCloser{"deflate": zlib.NewWriter(&flat), "br": brotli.NewWriter(&br)} {
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := Decode(encoding, map[string][]byte{"deflate": flat.Bytes(), "br": br.Bytes()}[encoding]); !bytes.Equal(got, text) {
			t.Errorf("%s: %q", encoding, got)
		}
	}
	if Decode("gzip, br", text) != nil || Decode("rot13", text) != nil {
		t.Error("decoded what nobody knows")
	}
	if got := Decode("gzip", []byte("no gzip")); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// TestDecodeIsBounded: an answer that expands without end is decoded up to the
// window, and one that is cut off as far as it goes.
func TestDecodeIsBounded(t *testing.T) {
	all := packed(t, make([]byte, 4<<20))
	if got := Decode("gzip", all); len(got) != WindowBytes {
		t.Error(len(got))
	}
	random := make([]byte, 2000)
	for i := range random {
		random[i] = byte(i * i >> 3)
	}
	if got := Decode("gzip", packed(t, random)[:600]); len(got) == 0 || !bytes.HasPrefix(random, got) {
		t.Error(len(got))
	}
}
