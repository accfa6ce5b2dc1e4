package envoy

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// versions are the Envoys that the plugin is tested in.
var versions = []string{"1.40.0", "1.36.4"}

// echo is a backend over HTTP/1 and HTTP/2 that answers with the body as it
// comes, and takes WebSocket handshakes, whose bytes it sends back.
func echo(t testing.TB) string {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"))
			_, _ = io.Copy(conn, rw) // until the client leaves
			return
		}
		_ = http.NewResponseController(w).EnableFullDuplex() // HTTP/2 has it anyway
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		w.WriteHeader(http.StatusOK)
		flush := http.NewResponseController(w)
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
			_ = flush.Flush() // a client of streams waits for the headers
		}
		buffer := make([]byte, 64<<10)
		for {
			n, err := r.Body.Read(buffer)
			if n > 0 {
				_, _ = w.Write(buffer[:n])
				_ = flush.Flush() // a client that left is no concern
			}
			if err != nil {
				return
			}
		}
	}))
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func send1(t *testing.T, address, contentType string, body io.Reader) (int, []byte) {
	t.Helper()
	r, err := http.Post("http://"+address+"/echo", contentType, body)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, got
}

// refused sends JSON and says whether it was refused: with 403 or, because this
// backend answers before it has read everything, by breaking its answer off.
func refused(address string, body io.Reader) bool {
	r, err := http.Post("http://"+address+"/echo", "application/json", body)
	if err != nil {
		return true
	}
	defer r.Body.Close()
	_, err = io.Copy(io.Discard, r.Body)
	return err != nil || r.StatusCode == http.StatusForbidden
}

// TestUploads: bodies beyond Envoy's buffer limit keep flowing, attacks in front
// and far behind are refused, in both ways of treating headers.
func TestUploads(t *testing.T) {
	upstream := echo(t)
	for _, version := range versions {
		for _, hold := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/hold=%v", version, hold), func(t *testing.T) {
				p := Start(t, Options{Version: version, Upstream: upstream, BufferLimit: 32 << 10, ContinueAtHeaders: !hold,
					Plugin: map[string]any{"holdHeaders": hold}}, io.Discard)
				for _, size := range []int{0, 1, 20_000, 32_768, 33_000, 100_000, 4_000_000} {
					body := bytes.Repeat([]byte("The quick brown fox. "), size/21+1)[:size]
					for name, reader := range map[string]io.Reader{"length": bytes.NewReader(body), "chunked": io.MultiReader(bytes.NewReader(body))} {
						if status, got := send1(t, p.Address, "text/plain", reader); status != 200 || !bytes.Equal(got, body) {
							t.Errorf("%d bytes, %s: status %d, %d bytes came back", size, name, status, len(got))
						}
					}
				}
				pad := strings.Repeat("word ", 30_000)
				for name, body := range map[string]string{"short": `{"a":"` + attack + `"}`, "behind": `{"p":"` + pad + `","a":"` + attack + `"}`} {
					for framing, reader := range map[string]io.Reader{"length": strings.NewReader(body), "chunked": io.MultiReader(strings.NewReader(body))} {
						if !refused(p.Address, reader) {
							t.Errorf("%s, %s: answered as if nothing were wrong", name, framing)
						}
					}
				}
				if n, err := p.Stat("wasmcustom.glacis.requests.block"); err != nil || n != 4 {
					t.Errorf("counter of blocked requests: %d, %v", n, err)
				}
			})
		}
	}
}

// TestWebSocket: the handshake is not held, and bytes flow both ways.
func TestWebSocket(t *testing.T) {
	p := Start(t, Options{Version: versions[0], Upstream: echo(t), Plugin: map[string]any{"holdHeaders": true}}, io.Discard)
	conn, err := net.Dial("tcp", p.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second)) // a TCP connection has deadlines
	fmt.Fprint(conn, "GET /chat HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", res, err)
	}
	fmt.Fprint(conn, "hello")
	got := make([]byte, 5)
	if _, err := io.ReadFull(r, got); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
}

// h2 is a client that speaks HTTP/2 at once.
func h2(t *testing.T) *http.Client {
	tr := &http.Transport{Protocols: new(http.Protocols)}
	tr.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 20 * time.Second}
}

// upstream2 makes the upstream speak HTTP/2.
func upstream2(config map[string]any) {
	at(config, "static_resources", "clusters", 0).(map[string]any)["typed_extension_protocol_options"] = map[string]any{
		"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": map[string]any{
			"@type":                "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
			"explicit_http_config": map[string]any{"http2_protocol_options": map[string]any{}}}}
}

// TestGRPC: a stream whose client waits for an answer after each message is not
// held, and an attack in a message ends it with gRPC's own status.
func TestGRPC(t *testing.T) {
	p := Start(t, Options{Version: versions[0], Upstream: echo(t), Plugin: map[string]any{"holdHeaders": true}, Change: upstream2}, io.Discard)
	client := h2(t)
	call := func(messages ...string) (string, *http.Response) {
		t.Helper()
		reader, writer := io.Pipe()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		t.Cleanup(cancel)
		req, err := http.NewRequestWithContext(ctx, "POST", "http://"+p.Address+"/shop.Chat/Talk", reader)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/grpc")
		req.Header.Set("Te", "trailers")
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, m := range messages {
			frame := append([]byte{0, 0, 0, 0, byte(len(m))}, m...)
			if _, err := writer.Write(frame); err != nil {
				break
			}
			answer := make([]byte, len(frame))
			if _, err := io.ReadFull(res.Body, answer); err != nil {
				break
			}
			got.Write(answer[5:])
		}
		writer.Close()
		_, _ = io.Copy(io.Discard, res.Body) // to the trailers
		return got.String(), res
	}
	if got, res := call("\x0a\x05hello", "\x0a\x05world"); got != "\x0a\x05hello\x0a\x05world" || res.StatusCode != 200 {
		t.Errorf("%q, %s", got, res.Status)
	}
	bad := "\x0a" + string(rune(len(attack))) + attack
	req, err := http.NewRequest("POST", "http://"+p.Address+"/shop.Chat/Say", strings.NewReader("\x00\x00\x00\x00"+string(rune(len(bad)))+bad))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/grpc")
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Grpc-Status") != "7" {
		t.Errorf("%s, %v", res.Status, res.Header)
	}
}

// TestValidate runs Envoy's own check on the example as it is shipped, and sees
// it refuse a plugin configuration with a typing error.
func TestValidate(t *testing.T) {
	for _, version := range versions {
		check := func(plugin map[string]any) (string, error) {
			file, err := configure(t.TempDir(), Options{Version: version, Upstream: "127.0.0.1:9000", Plugin: plugin})
			if err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(process.Installed(t, "envoy", version), "--mode", "validate", "-c", file, "-l", "info").CombinedOutput()
			return string(out), err
		}
		if out, err := check(map[string]any{"mode": "prevent", "holdHeaders": true}); err != nil {
			t.Errorf("%s: %v: %s", version, err, out)
		}
	}
	p := exec.Command(process.Installed(t, "envoy", versions[0]), "--mode", "validate", "-c", "testdata/typo.yaml")
	if out, err := p.CombinedOutput(); err == nil {
		t.Errorf("a broken file is valid: %s", out)
	}
}

// TestRefusedConfiguration: Envoy does not start with a typing error in the
// plugin's configuration, and its log names the key.
func TestRefusedConfiguration(t *testing.T) {
	file, err := configure(t.TempDir(), Options{Version: versions[0], Upstream: "127.0.0.1:9000", Plugin: map[string]any{"confidense": "high"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, process.Installed(t, "envoy", versions[0]), "-c", file, "--use-dynamic-base-id").CombinedOutput()
	if err == nil || ctx.Err() != nil {
		t.Errorf("Envoy started: %v", ctx.Err())
	}
	if want := `unknown key "confidense", did you mean "confidence"?`; !strings.Contains(string(out), want) {
		t.Errorf("%s is not in the log:\n%s", want, out)
	}
}
