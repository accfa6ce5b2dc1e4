package traefik

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// plainReader hides the length of a reader from net/http, which then sends
// chunks.
type plainReader struct{ io.Reader }

// noise is text without evidence, so that no mode refuses it.
func noise(n int) []byte {
	b := bytes.Repeat([]byte("the quick brown fox jumps over the lazy dog. "), n/45+1)
	return b[:n]
}

// h2c is a client that speaks HTTP/2 without TLS, which Traefik takes on the
// same entry point.
func h2c() *http.Client {
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: p}}
}

// TestBodies sends bodies of all sizes and framings; each has to arrive as it
// was sent.
func TestBodies(t *testing.T) {
	for _, version := range Versions {
		t.Run(version, func(t *testing.T) {
			i := start(t, version, routes(map[string]string{
				"prevent": "{engine: embedded, maxBodyBytes: 40000}",
				"detect":  "{engine: embedded, mode: detect, maxBodyBytes: 40000}",
			}), "prevent.test", echo)
			sizes := []int{0, 1, 4096, 32<<10 - 1, 32 << 10, 32<<10 + 1, 64 << 10, 1 << 20, 20 << 20}
			for _, host := range []string{"prevent.test", "detect.test"} {
				for name, client := range map[string]*http.Client{"http1": http.DefaultClient, "h2c": h2c()} {
					for _, size := range sizes {
						for _, chunked := range []bool{false, true} {
							i.body(t, client, host, name, size, chunked)
						}
					}
				}
			}
		})
	}
}

func (i *instance) body(t *testing.T, client *http.Client, host, name string, size int, chunked bool) {
	t.Helper()
	body := noise(size)
	var reader io.Reader = bytes.NewReader(body)
	if chunked {
		reader = plainReader{reader}
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+i.Address+"/upload", reader)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Content-Type", "text/plain")
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s %d bytes, chunked %v: %v", host, name, size, chunked, err)
	}
	defer res.Body.Close()
	sum := sha256.Sum256(body)
	if got := res.Header.Get("X-Seen-Digest"); res.StatusCode != http.StatusOK || got != hex.EncodeToString(sum[:]) {
		t.Errorf("%s %s %d bytes, chunked %v: status %d, another body arrived", host, name, size, chunked, res.StatusCode)
	}
}

// TestAttackInBody: in the first block the plugin answers itself; behind it the
// upstream never gets the whole request.
func TestAttackInBody(t *testing.T) {
	const payload = "' union select name,password from users where '1'='1"
	i := start(t, Versions[0], routes(map[string]string{"prevent": "{engine: embedded, maxBodyBytes: 1000000, log: all}"}), "prevent.test", echo)
	for _, before := range []int{0, 20 << 10, 100 << 10} {
		for name, client := range map[string]*http.Client{"http1": http.DefaultClient, "h2c": h2c()} {
			body := append(noise(before), ("\n" + payload)...)
			req, err := http.NewRequest(http.MethodPost, "http://"+i.Address+"/upload", plainReader{bytes.NewReader(body)})
			if err != nil {
				t.Fatal(err)
			}
			id := "attack-" + name + "-" + strconv.Itoa(before)
			req.Host = "prevent.test"
			req.Header.Set("Content-Type", "text/plain")
			req.Header.Set("X-Request-Id", id)
			res, err := client.Do(req)
			if err == nil {
				res.Body.Close()
				if before < 32<<10 && res.StatusCode != http.StatusForbidden || res.StatusCode < 400 {
					t.Errorf("%s: status %d", id, res.StatusCode)
				}
			} else if before < 32<<10 {
				t.Errorf("%s: %v", id, err)
			}
			if line := i.out.Await(t, id); !strings.Contains(line, `"event.action":"block"`) {
				t.Errorf("%s: %s", id, line)
			}
		}
	}
}

// TestTrailers: an attack in a trailer is found, at the end of the body.
func TestTrailers(t *testing.T) {
	i := start(t, Versions[0], routes(map[string]string{"prevent": "{engine: embedded, log: all}"}), "prevent.test", echo)
	conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", i.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: prevent.test\r\nX-Request-Id: trailer-1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Note\r\n\r\n"+
		"5\r\nhello\r\n0\r\nX-Note: 1' union select name,password from users-- \r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 403")) {
		t.Errorf("%v %s", err, answer)
	}
	if line := i.out.Await(t, "trailer-1"); !strings.Contains(line, `"glacis.location":"trailer.x-note"`) {
		t.Error(line)
	}
}
