package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/policy/country/countrytest"
)

// TestPolicyFromSidecar runs a proxy that takes its policy from a sidecar: at
// the start, when it changes, with limits and countries in it; a policy that the
// proxy cannot enforce changes nothing and shows.
func TestPolicyFromSidecar(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "shop") }))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "policy.yaml")
	const plain = "apiVersion: glacis/v1\nname: shop\nsource: {trustedProxies: [127.0.0.0/8]}\n"
	put(t, file, plain+"exceptions:\n- {id: lesson, locations: [query.answer], families: [sqli], reason: SQL is taught}\n")
	geo := countrytest.File(t, map[string]string{"192.0.2.0/24": "DE", "198.51.100.0/24": "CN"})
	store := t.TempDir()
	sidecars, _ := startSidecar(t, "--policy", file, "--store", store, "--geo-database", geo)
	proxies := startProxy(t, "--upstream", upstream.URL, "--sidecar", sidecars[0], "--geo-database", geo)
	ask := func(query, source string) int {
		t.Helper()
		req, err := http.NewRequest("GET", "http://"+proxies["listen"]+"/?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", source)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	const attack = "=1'+union+select+name,password+from+users--+-"
	if a, b := ask("answer"+attack, ""), ask("q"+attack, ""); a != 200 || b != 403 {
		t.Errorf("under the first policy: %d, %d", a, b)
	}
	put(t, file, plain+"defaults: {protections: {geo: {mode: prevent, allow: [DE]}}}\nrateLimits:\n- {name: all, requests: 2, window: 1h}\n")
	for range 2000 {
		if ask("answer"+attack, "192.0.2.200") == 403 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	for i, want := range []int{200, 200, 429} {
		if got := ask("q=lamp", "192.0.2.7"); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if got := ask("q=lamp", "198.51.100.7"); got != 403 {
		t.Errorf("from another country: %d", got)
	}
	awaitMetric(t, proxies["metrics"], "glacis_policy_error 0")
	awaitMetric(t, proxies["metrics"], "glacis_policy_reloads_total 2")
}

// TestPolicyFromSidecarRefused: a proxy without a database of countries does not
// take a policy that asks for one, and goes on with the one it has.
func TestPolicyFromSidecarRefused(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "shop") }))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, file, "apiVersion: glacis/v1\nname: one\ndefaults: {mode: detect}\n")
	geo := countrytest.File(t, map[string]string{"192.0.2.0/24": "DE"})
	sidecars, _ := startSidecar(t, "--policy", file, "--geo-database", geo)
	proxies := startProxy(t, "--upstream", upstream.URL, "--sidecar", sidecars[0])
	put(t, file, "apiVersion: glacis/v1\nname: two\ndefaults: {protections: {geo: {mode: detect, deny: [XX]}}}\n")
	awaitMetric(t, proxies["metrics"], "glacis_policy_error 1")
	res, err := http.Get("http://" + proxies["listen"] + "/?q=1'+union+select+name,password+from+users--+-")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("the old policy is not in force: %d", res.StatusCode)
	}
	res, err = http.Get("http://" + proxies["metrics"] + "/-/status")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(text), `"name":"one@`) || !strings.Contains(string(text), "--geo-database") {
		t.Errorf("%v %s", err, text)
	}
}

// TestGeoNeedsADatabase: a policy that asks for countries is refused without one.
func TestGeoNeedsADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, file, "apiVersion: glacis/v1\nassets:\n- {name: a, hosts: [a.test], protections: {geo: {mode: detect, deny: [XX]}}}\n")
	var stderr strings.Builder
	if status := run(t.Context(), []string{"proxy", "--upstream", "http://127.0.0.1:1", "--listen", "127.0.0.1:0", "--policy", file}, strings.NewReader(""), io.Discard, &stderr); status != exitUsage ||
		!strings.Contains(stderr.String(), "assets[0].protections.geo: needs a database of countries, --geo-database") {
		t.Errorf("status %d, says %q", status, stderr.String())
	}
	stderr.Reset()
	if status := run(t.Context(), []string{"proxy", "--upstream", "http://127.0.0.1:1", "--geo-database", file}, strings.NewReader(""), io.Discard, &stderr); status != exitUsage ||
		!strings.Contains(stderr.String(), "--geo-database: read database of countries") {
		t.Errorf("status %d, says %q", status, stderr.String())
	}
}
