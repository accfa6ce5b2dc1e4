package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// startProxy runs the command until the test ends and returns what it said
// when it began to listen.
func startProxy(t *testing.T, args ...string) map[string]string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	logs, stderr := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append([]string{"proxy", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"}, args...),
			strings.NewReader(""), io.Discard, stderr)
		stderr.Close()
	}()
	lines := bufio.NewScanner(logs)
	var said map[string]string
	for said["msg"] != "listening" {
		if !lines.Scan() {
			t.Fatalf("the proxy does not listen, status %d", <-status)
		}
		said = map[string]string{}
		if strings.Contains(lines.Text(), `"msg":"listening"`) {
			if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
				t.Fatalf("%q: %v", lines.Text(), err)
			}
		}
	}
	go io.Copy(io.Discard, logs)
	t.Cleanup(func() {
		stop()
		if s := <-status; s != exitOK {
			t.Errorf("status %d after an orderly end", s)
		}
	})
	return said
}

func TestProxyCommand(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "shop "+r.RequestURI) }))
	defer upstream.Close()
	said := startProxy(t, "--upstream", upstream.URL, "--mode", "detect", "--fail", "closed", "--confidence", "critical")
	for key, want := range map[string]string{"upstream": upstream.URL, "mode": "detect", "fail": "closed", "confidence": "critical"} {
		if said[key] != want {
			t.Errorf("%s is %q, want %q", key, said[key], want)
		}
	}
	for url, want := range map[string]string{"http://" + said["listen"] + "/x?y": "shop /x?y", "http://" + said["metrics"] + "/-/readyz": "ready\n"} {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if string(body) != want {
			t.Errorf("%s: %q", url, body)
		}
	}
}

// The real engine behind the command refuses what nobody could mean honestly.
func TestProxyCommandRefusesAttacks(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer upstream.Close()
	base := "http://" + startProxy(t, "--upstream", upstream.URL)["listen"]
	for target, want := range map[string]int{"/products?q=blue+shoes": 200, "/products?q=1%27+UNION+SELECT+username,password+FROM+users--+-": 403} {
		res, err := http.Get(base + target)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %s", target, res.Status)
		}
	}
}

func TestProxyCommandUsage(t *testing.T) {
	for want, args := range map[string]string{
		"--upstream is required":     "",
		"scheme must be":             "--upstream ftp://x",
		"belong together":            "--upstream http://x --tls-cert c.pem",
		`mode "off"`:                 "--upstream http://x --mode off",
		`fail "soft"`:                "--upstream http://x --fail soft",
		"--log-format":               "--upstream http://x --log-format xml",
		"--log-level":                "--upstream http://x --log-level loud",
		"--confidence":               "--upstream http://x --confidence none",
		"--model":                    "--upstream http://x --model /nowhere",
		"max body bytes must not be": "--upstream http://x --max-body-bytes -1",
		"request id header":          "--upstream http://x --request-id-header a:b",
		"unknown flag":               "--upstream http://x --upstreams http://y",
		"metrics listener":           "--upstream http://x --listen 127.0.0.1:0 --metrics-listen 256.0.0.1:1",
	} {
		var stderr strings.Builder
		if status := run(t.Context(), append([]string{"proxy"}, strings.Fields(args)...), strings.NewReader(""), io.Discard, &stderr); status != exitUsage || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: status %d, says %q, want %q", args, status, stderr.String(), want)
		}
	}
}
