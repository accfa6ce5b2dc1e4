package rpc

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/gateway"
)

// echoServer switches protocols on Upgrade and sends everything back; of other
// requests it sends the length.
func echoServer(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			n, _ := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n)
			return
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(rw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		rw.Flush()
		io.Copy(conn, rw)
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

var bodies = []string{"ext_proc.yaml", "ext_proc_buffered.yaml", "ext_authz.yaml"}

// A WebSocket goes through, in every mode that Envoy has.
func TestUpgrade(t *testing.T) {
	for _, file := range bodies {
		t.Run(file, func(t *testing.T) {
			address := startGateway(t, "envoy/"+file, settings, nil, conformance.NewEvents(), echoServer(t))
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second)) // a TCP connection has deadlines
			fmt.Fprint(conn, "GET /chat HTTP/1.1\r\nHost: shop.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
			r := bufio.NewReader(conn)
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
				t.Fatalf("%v %v", res, err)
			}
			for _, word := range []string{"hello", "again"} {
				fmt.Fprint(conn, word)
				got := make([]byte, len(word))
				if _, err := io.ReadFull(r, got); err != nil || string(got) != word {
					t.Fatalf("%q %v", got, err)
				}
			}
		})
	}
}

// Whatever the mode, long bodies arrive whole; only Envoy's own buffer has an
// end.
func TestLongBodies(t *testing.T) {
	text := strings.Repeat("all work and no play makes jack a dull boy\n", 100_000) // 4.3 MB
	for _, file := range bodies {
		for _, mode := range []string{gateway.Prevent, gateway.Detect, gateway.Off} {
			t.Run(file+"/"+mode, func(t *testing.T) {
				address := startGateway(t, "envoy/"+file, gateway.Settings{Mode: mode, Log: gateway.LogAll}, nil, conformance.NewEvents(), echoServer(t))
				for _, n := range []int{0, 1, 32 << 10, 100_000, len(text)} {
					want := fmt.Sprint(n)
					res, err := http.Post("http://"+address+"/upload", "text/plain", io.MultiReader(strings.NewReader(text[:n]))) // in chunks
					if err != nil {
						t.Fatal(err)
					}
					got, _ := io.ReadAll(res.Body)
					res.Body.Close()
					if file == "ext_proc_buffered.yaml" && n > 1<<20 {
						if res.StatusCode != http.StatusRequestEntityTooLarge && string(got) != want {
							t.Errorf("%d bytes: %s", n, res.Status)
						}
					} else if string(got) != want {
						t.Errorf("%d bytes: %s %.100s", n, res.Status, got)
					}
				}
			})
		}
	}
}
