package traefik

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// streams answers /events with an event at a time, each when the test says so,
// and takes over the connection for /socket, echoing lines.
func streams(next chan struct{}) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for n := 0; n < 3; n++ {
			fmt.Fprintf(w, "data: %d\n\n", n)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-next:
			case <-r.Context().Done():
				return
			}
		}
	})
	mux.HandleFunc("/socket", func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		line, err := rw.ReadString('\n')
		if err == nil {
			_, _ = io.WriteString(conn, "echo "+line)
		}
	})
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	return mux
}

// TestEvents: each event arrives before the next is made.
func TestEvents(t *testing.T) {
	next := make(chan struct{})
	i := start(t, Versions[0], routes(map[string]string{"prevent": "{engine: embedded}"}), "prevent.test", streams(next))
	res := i.get(t, "prevent.test", "/events")
	lines := bufio.NewScanner(res.Body)
	for n := 0; n < 3; n++ {
		for lines.Scan() && lines.Text() == "" {
		}
		if want := fmt.Sprintf("data: %d", n); lines.Text() != want {
			t.Fatalf("got %q, want %q", lines.Text(), want)
		}
		next <- struct{}{}
	}
}

// TestUpgrade: a WebSocket works, and its headers are inspected.
func TestUpgrade(t *testing.T) {
	i := start(t, Versions[0], routes(map[string]string{"prevent": "{engine: embedded}"}), "prevent.test", streams(nil))
	for target, want := range map[string]string{"/socket?room=1": "HTTP/1.1 101", strings.Replace(attack, "/search", "/socket", 1): "HTTP/1.1 403"} {
		conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", i.Address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: prevent.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", target)
		r := bufio.NewReader(conn)
		line, err := r.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Fatalf("%s: %q %v, want %s", target, line, err, want)
		}
		if !strings.HasSuffix(want, "101") {
			continue
		}
		for line != "\r\n" && err == nil {
			line, err = r.ReadString('\n')
		}
		fmt.Fprint(conn, "1' union select -- \n")
		if line, err = r.ReadString('\n'); line != "echo 1' union select -- \n" || err != nil {
			t.Errorf("after the upgrade: %q %v", line, err)
		}
	}
}
