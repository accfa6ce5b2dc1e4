package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// startSidecar runs the command until the test ends and returns its addresses
// and where its events arrive.
func startSidecar(t *testing.T, args ...string) (addresses []string, events *bufio.Scanner) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	logs, stderr := io.Pipe()
	out, stdout := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append([]string{"sidecar", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"}, args...), strings.NewReader(""), stdout, stderr)
		stderr.Close()
		stdout.Close()
	}()
	lines := bufio.NewScanner(logs)
	if !lines.Scan() {
		t.Fatalf("no word from the sidecar, status %d", <-status)
	}
	var said struct {
		Msg       string   `json:"msg"`
		Addresses []string `json:"addresses"`
	}
	if err := json.Unmarshal(lines.Bytes(), &said); err != nil || said.Msg != "listening" || len(said.Addresses) != 2 {
		t.Fatalf("first line %q: %v", lines.Text(), err)
	}
	go io.Copy(io.Discard, logs)
	t.Cleanup(func() {
		stop()
		go io.Copy(io.Discard, out)
		if s := <-status; s != exitOK {
			t.Errorf("status %d after an orderly end", s)
		}
	})
	return said.Addresses, bufio.NewScanner(out)
}

func TestSidecarCommand(t *testing.T) {
	addresses, events := startSidecar(t, "--log", "all")
	res, err := http.Get("http://" + addresses[0] + "/v1/authz/envoy/?q=1'+union+select+name,password+from+users--+-")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Error(res.Status)
	}
	var e map[string]any
	if !events.Scan() || json.Unmarshal(events.Bytes(), &e) != nil || e["event.id"] != res.Header.Get("X-Request-Id") || e["event.action"] != "block" {
		t.Errorf("event %q", events.Text())
	}
	res, err = http.Post("http://"+addresses[0]+"/v1/inspect", "application/http", strings.NewReader("GET /?q=lamp HTTP/1.1\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || v["action"] != "pass" {
		t.Error(v, err)
	}
}

func TestSidecarCommandUsage(t *testing.T) {
	short := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(short, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string]string{
		"beyond loopback only with TLS": "--http 0.0.0.0:0",
		"belong together":               "--tls-cert c.pem",
		"mode: soft":                    "--mode soft",
		"failMode: soft":                "--fail soft",
		"log: some":                     "--log some",
		"--log-format":                  "--log-format xml",
		"--confidence":                  "--confidence none",
		"--model":                       "--model /nowhere",
		"--max-body-bytes":              "--max-body-bytes 0",
		"shorter than 16":               "--token-file " + short,
		"must not be negative":          "--max-in-flight -1",
		"no address":                    "--http= --grpc=",
	} {
		var stderr strings.Builder
		if status := run(t.Context(), append([]string{"sidecar"}, strings.Fields(args)...), strings.NewReader(""), io.Discard, &stderr); status != exitUsage || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: status %d, says %q, want %q", args, status, stderr.String(), want)
		}
	}
}
