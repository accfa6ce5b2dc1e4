package proxy

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// plain is a source without a network.
type plain struct{ io.Reader }

func (p plain) read(b []byte, _ time.Duration) (int, error) { return p.Read(b) }

func newGate(body io.Reader) *gate {
	return &gate{src: plain{body}, in: beginInspection(&wordInspector{}, time.Minute),
		admit: func() error { return nil }, onEnd: func() http.Header { return nil }}
}

// A transport that finds a kept connection closed sends the request again.
func TestWholeBodyCanBeReadAgain(t *testing.T) {
	g := newGate(strings.NewReader("order 1"))
	if whole, err := g.readAhead(); !whole || err != nil {
		t.Fatal(whole, err)
	}
	for range 3 {
		body, err := g.again()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(body); string(got) != "order 1" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		body.Close()
	}
	g.release()
	if _, err := g.again(); err == nil {
		t.Error("a released body can be read again")
	}
	if _, err := g.Read(make([]byte, 1)); !errors.Is(err, errClosed) {
		t.Errorf("a released body gives %v", err)
	}
}

// However the network cuts the body, what comes out is what went in, and no
// more than a block and a byte is inside at any time.
func TestGateAroundBlockBoundaries(t *testing.T) {
	for _, size := range []int{0, 1, blockBytes - 1, blockBytes, blockBytes + 1, 2*blockBytes - 1, 2 * blockBytes, 2*blockBytes + 1, 5*blockBytes + 7} {
		body := bytes.Repeat([]byte("glacis!"), size/7+1)[:size]
		for name, cut := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r },
			"half": iotest.HalfReader, "end with data": iotest.DataErrReader} {
			in := &counter{Reader: cut(bytes.NewReader(body))}
			g := newGate(in)
			whole, err := g.readAhead()
			if err != nil || size != blockBytes+1 && whole != (size <= blockBytes) {
				t.Fatalf("%d bytes, %s: whole %v, %v", size, name, whole, err)
			}
			var out bytes.Buffer
			buf := make([]byte, 1000)
			for {
				n, err := g.Read(buf)
				out.Write(buf[:n])
				if held := in.n - out.Len(); held > blockBytes+1 {
					t.Fatalf("%d bytes, %s: %d held", size, name, held)
				}
				if err != nil {
					break
				}
			}
			if !bytes.Equal(out.Bytes(), body) || g.in.result().fed != int64(size) || !g.in.result().ended {
				t.Errorf("%d bytes, %s: %d came out, %d were shown", size, name, out.Len(), g.in.result().fed)
			}
		}
	}
}

type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// What the client's connection brought before it broke is not passed on.
func TestBrokenBody(t *testing.T) {
	g := newGate(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if _, err := g.readAhead(); !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(g.failure(), io.ErrUnexpectedEOF) {
		t.Error(err, g.failure())
	}
}
