package proxy

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// zeros is an upload of any size that says how much of it was taken.
type zeros struct {
	left  int
	taken atomic.Int64
}

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	clear(p[:n])
	z.left -= n
	z.taken.Add(int64(n))
	return n, nil
}

func TestUploadsStreamInBoundedMemory(t *testing.T) {
	const size = 20 << 20
	var peak uint64
	r := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		buf, total := make([]byte, 64<<10), 0
		for step := 0; ; step++ {
			n, err := r.Body.Read(buf)
			total += n
			if step%40 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
			if err != nil {
				break
			}
		}
		fmt.Fprint(w, total)
	}, nil)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, length := range []int64{size, -1} {
		req, _ := http.NewRequest("POST", r.url, &zeros{left: size})
		req.ContentLength = length
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if string(got) != fmt.Sprint(size) {
			t.Errorf("upstream got %s bytes, want %d", got, size)
		}
	}
	if grown := int64(peak) - int64(before.HeapAlloc); grown > size/2 {
		t.Errorf("memory grew by %d bytes during the upload", grown)
	}
}

// The upstream gets the beginning of a long body while the client still sends:
// the client sends the rest only once the upstream has said that it got 64 KiB.
func TestLongBodiesAreNotHeld(t *testing.T) {
	arrived := make(chan struct{})
	r := newRig(t, func(_ http.ResponseWriter, r *http.Request) {
		io.CopyN(io.Discard, r.Body, 2*blockBytes)
		close(arrived)
		io.Copy(io.Discard, r.Body)
	}, nil)
	pr, pw := io.Pipe()
	go func() {
		pw.Write(make([]byte, 3*blockBytes))
		<-arrived
		pw.Write([]byte("the end"))
		pw.Close()
	}()
	res, err := http.Post(r.url, "application/octet-stream", pr)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Error(res.Status)
	}
}

func TestBlockInTheMiddleOfABody(t *testing.T) {
	broken := make(chan error, 1)
	r := newRig(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte("EVIL")) {
			err = nil // fails the test
		}
		broken <- err
	}, nil)
	for _, at := range []int{2*blockBytes - 2, 5 * blockBytes, 10*blockBytes - 4} { // across blocks, within, at the very end
		body := bytes.Repeat([]byte("x"), 10*blockBytes)
		copy(body[at:], "EVIL")
		_, text := r.wantStatus(403, "POST", "/", string(body), "Accept", "text/html")
		if !strings.Contains(text, "looks like an attack") {
			t.Errorf("at %d: %q", at, text)
		}
		if err := <-broken; at != 2*blockBytes-2 && err == nil {
			t.Errorf("at %d: the upstream saw a complete body or the attack", at)
		}
	}
	eventually(t, "counted", func() bool { return strings.Count(r.events.String(), `"event.action":"block"`) == 3 })
}

// An attack cut into single bytes, each in a chunk and a packet of its own, is
// still whole to the engine and never begins to reach the upstream.
func TestAttackAcrossChunks(t *testing.T) {
	r := newRig(t, echo, nil)
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
	for _, c := range "q=EVIL&more" {
		fmt.Fprintf(conn, "1\r\n%c\r\n", c)
	}
	io.WriteString(conn, "0\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || res.StatusCode != 403 || r.hits() != 0 {
		t.Errorf("%v, %v, %d hits", res, err, r.hits())
	}
}

func TestTrailersBothWays(t *testing.T) {
	for _, mode := range []Mode{Detect, Prevent} {
		for _, size := range []int{10, 5 * blockBytes} {
			r := newRig(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Trailer", "X-Back")
				n, _ := io.Copy(io.Discard, r.Body)
				fmt.Fprint(w, n)
				w.Header().Set("X-Back", "got "+r.Trailer.Get("X-Sum"))
				w.Header().Set(http.TrailerPrefix+"X-Late", "unannounced")
			}, func(c *Config) { c.Mode = mode })
			req, _ := http.NewRequest("POST", r.url, &zeros{left: size})
			req.Trailer = http.Header{"X-Sum": {"42"}}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if string(body) != fmt.Sprint(size) || res.Trailer.Get("X-Back") != "got 42" || res.Trailer.Get("X-Late") != "unannounced" {
				t.Errorf("%s, %d bytes: %q, trailers %v", mode, size, body, res.Trailer)
			}
		}
	}
}

func TestAttackInATrailer(t *testing.T) {
	r := newRig(t, echo, nil)
	for _, size := range []int{10, 2 * blockBytes} {
		req, _ := http.NewRequest("POST", r.url, &zeros{left: size})
		req.Trailer = http.Header{"X-Sum": {"EVIL"}}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 403 {
			t.Errorf("%d bytes: %s", size, res.Status)
		}
	}
}

func TestExpectContinue(t *testing.T) {
	r := newRig(t, echo, nil)
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, body := range []string{"hello", strings.Repeat("y", 3*blockBytes)} {
		fmt.Fprintf(conn, "PUT /f HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
		if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
			t.Fatalf("first line %q, %v", line, err)
		}
		in.ReadString('\n')
		io.WriteString(conn, body)
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%v, %v", res, err)
		}
		if got, _ := io.ReadAll(res.Body); !strings.HasSuffix(string(got), "\n"+body) {
			t.Errorf("upstream got %d bytes", len(got))
		}
	}
	// A refusal spares the client its body.
	io.WriteString(conn, "PUT /EVIL HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
	if line, _ := in.ReadString('\n'); !strings.HasPrefix(line, "HTTP/1.1 403 ") {
		t.Errorf("first line %q", line)
	}
}

func TestBodyLimit(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }, func(c *Config) { c.MaxBodyBytes = 100000 })
	for _, length := range []int64{100001, -1} {
		for size, want := range map[int]int{100000: 200, 100001: 413} {
			req, _ := http.NewRequest("POST", r.url, &zeros{left: size})
			if req.ContentLength = length; length > 0 {
				req.ContentLength = int64(size)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%d bytes, length %d: %s", size, length, res.Status)
			}
		}
	}
}

func TestSilentClientIsSentAway(t *testing.T) {
	r := newRig(t, echo, func(c *Config) { c.BodyIdleTimeout = 50 * time.Millisecond })
	if got := r.raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"); !strings.HasPrefix(got, "HTTP/1.1 408 ") || r.hits() != 0 {
		t.Errorf("%q, %d hits", got, r.hits())
	}
}

// A client that goes away in the middle of its body leaves nothing behind.
func TestClientThatGoesAway(t *testing.T) {
	ended := make(chan error, 1)
	r := newRig(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		ended <- err
	}, nil)
	ctx, leave := context.WithCancel(context.Background())
	pr, pw := io.Pipe()
	req, _ := http.NewRequestWithContext(ctx, "POST", r.url, pr)
	go func() {
		pw.Write(make([]byte, 3*blockBytes))
		leave()
		pw.CloseWithError(context.Canceled)
	}()
	if res, err := http.DefaultClient.Do(req); err == nil {
		res.Body.Close()
	}
	if err := <-ended; err == nil {
		t.Error("the upstream took half a body for a whole one")
	}
	eventually(t, "the transaction is returned", func() bool {
		r.words.mu.Lock()
		defer r.words.mu.Unlock()
		return r.words.closed == 1
	})
}
