package envoy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

// Render writes a request as an HTTP/1.1 message on a connection that stays
// open.
func Render(r *benchset.Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", r.Method, r.URI)
	for _, h := range r.Headers {
		switch http.CanonicalHeaderKey(h.Name) {
		case "Connection", "Content-Length", "Transfer-Encoding", "Expect":
			continue
		}
		fmt.Fprintf(&b, "%s: %s\r\n", h.Name, h.Value)
	}
	if len(r.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return b.Bytes()
}

// Load sends n of the messages, in turn, over a number of connections and
// returns how often each status came.
func Load(address string, messages [][]byte, n, connections int) (map[int]int, error) {
	var next atomic.Int64
	var mu sync.Mutex
	statuses := map[int]int{}
	var failed error
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			mine := map[int]int{}
			err := send(address, mine, func() []byte {
				i := next.Add(1) - 1
				if i >= int64(n) {
					return nil
				}
				return messages[i%int64(len(messages))]
			})
			mu.Lock()
			defer mu.Unlock()
			for status, count := range mine {
				statuses[status] += count
			}
			if err != nil {
				failed = err
			}
		})
	}
	wg.Wait()
	return statuses, failed
}

// send sends what next returns until that is nil.
func send(address string, statuses map[int]int, next func() []byte) error {
	var conn net.Conn
	var r *bufio.Reader
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	for m := next(); m != nil; m = next() {
		if conn == nil {
			var err error
			if conn, err = net.Dial("tcp", address); err != nil {
				return fmt.Errorf("load: %w", err)
			}
			r = bufio.NewReader(conn)
		}
		if _, err := conn.Write(m); err != nil {
			return fmt.Errorf("load: %w", err)
		}
		method, _, _ := bytes.Cut(m[:min(16, len(m))], []byte(" "))
		res, err := http.ReadResponse(r, &http.Request{Method: string(method)})
		if err != nil {
			return fmt.Errorf("load: %w", err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return fmt.Errorf("load: %w", err)
		}
		statuses[res.StatusCode]++
		if res.Close {
			conn.Close()
			conn = nil
		}
	}
	return nil
}
