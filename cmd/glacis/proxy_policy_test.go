package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output collects what a command writes while it runs.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await waits until the output matches and returns the first group. The bound
// only keeps a failing test from hanging.
func (o *output) await(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for range 2000 {
		if m := re.FindStringSubmatch(o.String()); m != nil {
			return m[len(m)-1]
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("never: %s in\n%s", pattern, o)
	return ""
}

// TestProxyPolicy runs glacis proxy with a policy and changes it while it runs:
// a bad version changes nothing, a good one takes effect.
func TestProxyPolicy(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "shop") }))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "policy.yaml")
	replace := func(text string) {
		put(t, file+".next", text)
		if err := os.Rename(file+".next", file); err != nil {
			t.Fatal(err)
		}
	}
	replace("apiVersion: glacis/v1\nname: first\n")
	var log output
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		done <- run(ctx, []string{"proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--policy", file}, strings.NewReader(""), io.Discard, &log)
	}()
	address := log.await(t, `"listen":"([^"]+)"`)
	metrics := log.await(t, `"metrics":"([^"]+)"`)
	status := func() int {
		res, err := http.Get("http://" + address + "/?q=1%27%20union%20select%20password%20from%20users--")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	scrape := func() string {
		res, err := http.Get("http://" + metrics + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if got := status(); got != http.StatusForbidden {
		t.Errorf("status %d", got)
	}
	replace("apiVersion: glacis/v1\nname: second\ndefaults: {mode: detct}\n")
	log.await(t, `the policy was not reloaded, the old one stays in force","policy":"first@[0-9a-f]+","error":"[^"]*:3:12: defaults.mode: unknown word`)
	if text := scrape(); !strings.Contains(text, "glacis_policy_error 1\n") || !strings.Contains(text, `glacis_policy_info{policy="first@`) || !strings.Contains(text, "glacis_policy_reload_failures_total 1\n") {
		t.Errorf("metrics:\n%s", text)
	}
	if got := status(); got != http.StatusForbidden {
		t.Errorf("status %d after a bad policy", got)
	}
	replace("apiVersion: glacis/v1\nname: third\nexceptions: [{id: search, locations: [query.q], reason: test}]\n")
	log.await(t, `"policy reloaded","policy":"third@`)
	if got := status(); got != http.StatusOK {
		t.Errorf("status %d after an exception", got)
	}
	for range 1000 {
		if strings.Contains(scrape(), `glacis_exception_matches_total{effect="applied",exception="search"} 1`) {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	text := scrape()
	for _, want := range []string{"glacis_policy_error 0\n", "glacis_policy_reloads_total 2\n", `glacis_exception_matches_total{effect="applied",exception="search"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	stop()
	if got := <-done; got != exitOK {
		t.Errorf("exit status %d: %s", got, &log)
	}
}
