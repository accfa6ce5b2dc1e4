package decompress

import (
	"bytes"
	"crypto/rand"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// compressors make the bodies that browsers and clients would send.
var compressors = map[string]func(testing.TB, []byte) []byte{
	"br": func(t testing.TB, plain []byte) []byte {
		var out bytes.Buffer
		w := brotli.NewWriterLevel(&out, 4)
		closeAfter(t, w, plain)
		return out.Bytes()
	},
	"zstd": func(t testing.TB, plain []byte) []byte {
		var out bytes.Buffer
		w, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		closeAfter(t, w, plain)
		return out.Bytes()
	},
}

func closeAfter(t testing.TB, w io.WriteCloser, plain []byte) {
	t.Helper()
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// expand pushes compressed in pieces of the given size, each piece in a buffer
// that is overwritten after the call as a network buffer would be.
func expand(name string, compressed []byte, piece int) ([]byte, error) {
	var out []byte
	emit := func(b []byte) bool { out = append(out, b...); return true }
	d := All()[name]()
	scratch := make([]byte, piece)
	for len(compressed) > 0 {
		n := copy(scratch, compressed)
		compressed = compressed[n:]
		if err := d.Write(scratch[:n], emit); err != nil {
			return out, err
		}
		clear(scratch)
	}
	return out, d.Close(emit)
}

func TestChunkingChangesNothing(t *testing.T) {
	random := make([]byte, 70<<10)
	rand.Read(random)
	for name, compress := range compressors {
		for _, plain := range [][]byte{{}, []byte("q=1"), bytes.Repeat([]byte("glacis "), 30000), random} {
			body := compress(t, plain)
			for _, piece := range []int{1, 7, 4096, 1 << 20} {
				got, err := expand(name, body, piece)
				if err != nil || !bytes.Equal(got, plain) {
					t.Errorf("%s of %d bytes in pieces of %d: %d bytes, error %v", name, len(plain), piece, len(got), err)
				}
			}
		}
	}
}

// What has arrived is emitted at once, not when the body ends: a verdict must
// not wait for a client that never finishes.
func TestEmitsAsItArrives(t *testing.T) {
	var body bytes.Buffer
	w := brotli.NewWriter(&body)
	io.WriteString(w, "first part")
	w.Flush()
	d, got := NewBrotli(), ""
	if err := d.Write(body.Bytes(), func(b []byte) bool { got += string(b); return true }); err != nil || got != "first part" {
		t.Errorf("after a flush: %q, %v", got, err)
	}
	d.Close(func([]byte) bool { return true })
}

func TestRefusingEmitEndsTheBody(t *testing.T) {
	for name, compress := range compressors {
		body := compress(t, make([]byte, 64<<20)) // a bomb: 64 MiB of zeros
		var calls, bytes int
		emit := func(b []byte) bool { calls++; bytes += len(b); return bytes < 20*1024 }
		d := All()[name]()
		if err := d.Write(body, emit); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if bytes > 20*1024+chunkBytes {
			t.Errorf("%s: %d bytes came after the refusal", name, bytes)
		}
		before := calls
		if d.Write(body, emit) != nil || d.Close(emit) != nil || calls != before {
			t.Errorf("%s: an ended body went on", name)
		}
	}
}

func TestBrokenBodiesAreErrors(t *testing.T) {
	for name, compress := range compressors {
		body := compress(t, []byte(strings.Repeat("select * from t; ", 500)))
		if _, err := expand(name, body[:len(body)-4], 64); err == nil {
			t.Errorf("%s: a truncated body is no error", name)
		} else if !strings.Contains(err.Error(), "decompress "+name) {
			t.Errorf("%s: error does not name the stage: %v", name, err)
		}
		if _, err := expand(name, []byte("\xff\xfenot compressed at all"), 64); err == nil {
			t.Errorf("%s: garbage is no error", name)
		}
		if got, err := expand(name, compress(t, []byte("again")), 64); err != nil || string(got) != "again" {
			t.Errorf("%s: a reader from the pool kept the error: %q, %v", name, got, err)
		}
	}
}

func TestOversizedZstdWindowIsRefused(t *testing.T) {
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out, zstd.WithWindowSize(64<<20), zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, w, make([]byte, 20<<20))
	if _, err := expand("zstd", out.Bytes(), 4096); err == nil {
		t.Error("a 64 MiB window was accepted")
	}
}

func TestNothingLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	for name, compress := range compressors {
		body := compress(t, bytes.Repeat([]byte("leak? "), 5000))
		for i := range 200 {
			d := All()[name]()
			if err := d.Write(body[:len(body)/2], func([]byte) bool { return i%2 == 0 }); err != nil {
				t.Fatal(err)
			}
			d.Close(func([]byte) bool { return false })
		}
	}
	for range 100 { // ended coroutines leave the count in their own time
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines became %d", before, runtime.NumGoroutine())
}
