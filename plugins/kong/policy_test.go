package kong

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	driver "github.com/glacis-waf/glacis/conformance/kong"
)

const sitePolicy = `apiVersion: glacis/v1
name: site
source: {trustedProxies: [192.0.2.0/24]}
defaults:
  response: own
  protections: {addresses: {mode: prevent, deny: [203.0.113.0/24]}}
assets:
  - {name: shop, hosts: [shop.example]}
  - {name: blog, hosts: [blog.example], mode: detect}
exceptions:
  - {id: search, assets: [shop], locations: [query.q], headers: [{name: X-Team}]}
responses:
  - {name: own, status: 451, json: '{"blocked":"{id}"}'}
`

// withPolicy is a configuration that logs everything.
func withPolicy(t *testing.T, more map[string]any) string {
	t.Helper()
	config := map[string]any{"log": "all"}
	for k, v := range more {
		config[k] = v
	}
	b, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestPolicy: a policy decides, inline and from a file, with the cache and
// without, for a request that is new and for one that comes again.
func TestPolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte(sitePolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]map[string]any{"inline": {"policy": sitePolicy}, "file": {"policy_file": file},
		"cache": {"policy": sitePolicy, "cache": true}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, withPolicy(t, config), Options{CacheBytes: 1 << 20})
			team := driver.Header{Name: "X-Team", Value: "blue"}
			from := func(chain string) driver.Header { return driver.Header{Name: "X-Forwarded-For", Value: chain} }
			for range 3 {
				r.wantStatus(451, get(attack, "policy-0001"))
				r.wantStatus(0, get(attack, "policy-0002", team))
				r.wantStatus(0, get("/", "policy-0003", from("198.51.100.1")))
				r.wantStatus(451, get("/", "policy-0004", from("198.51.100.1, 203.0.113.4")))
				far := get("/", "policy-0005", from("203.0.113.4"))
				far.Address = "198.51.100.1" // no trusted proxy: it may say what it likes
				r.wantStatus(0, far)
				far = get("/", "policy-0006")
				far.Address = "203.0.113.4"
				r.wantStatus(451, far)
				blog := get(attack, "policy-0007")
				blog.Headers[0].Value = "blog.example"
				if o := r.wantStatus(0, blog); len(o.Upstream) != 0 {
					t.Errorf("headers set in mode detect: %v", o.Upstream)
				}
			}
			for id, want := range map[string]string{"policy-0001": "block shop score 192.0.2.7", "policy-0002": "pass shop  192.0.2.7",
				"policy-0004": "block shop addresses 203.0.113.4", "policy-0005": "pass shop  198.51.100.1", "policy-0007": "detect blog score 192.0.2.7"} {
				e := r.event(id)
				reason, _ := e["glacis.reason"].(string)
				got, _ := e["event.action"].(string)
				asset, _ := e["glacis.asset"].(string)
				source, _ := e["source.ip"].(string)
				if got += " " + asset + " " + reason + " " + source; got != want {
					t.Errorf("%s: %s, want %s", id, got, want)
				}
			}
		})
	}
}

// TestPolicyErrors: what is wrong with a policy is in the log, and failMode
// decides about requests.
func TestPolicyErrors(t *testing.T) {
	for want, config := range map[string]map[string]any{
		"policy:3:3: defaults.mod: unknown key, did you mean": {"policy": "apiVersion: glacis/v1\ndefaults:\n  mod: detect\n"},
		"policy_file: read policy: ":                          {"policy_file": "/nowhere/policy.yaml"},
		"policy_file: contradicts policy":                     {"policy_file": "/nowhere/policy.yaml", "policy": sitePolicy},
	} {
		config["fail_mode"] = "closed"
		r := newRig(t, withPolicy(t, config), Options{})
		r.wantStatus(503, get("/", "policy-error-1"))
		if e := r.event("policy-error-1"); e["glacis.fault"] != "config" {
			t.Errorf("event %v", e)
		}
		if !strings.Contains(r.events.String(), want) {
			t.Errorf("no %q in %s", want, r.events)
		}
	}
}

// TestPolicyFileChanges: a file that comes, changes and breaks.
func TestPolicyFileChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the file to be looked at")
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	r := newRig(t, withPolicy(t, map[string]any{"policy_file": file}), Options{})
	r.wantStatus(0, get(attack, "changes-0001")) // fails open
	wait := func(status int) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			if o := r.access(get(attack, "changes-0002")); o.Status == status {
				return
			}
		}
		t.Fatalf("never %d: %s", status, r.events)
	}
	put := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(sitePolicy)
	wait(451)
	put(strings.Replace(sitePolicy, "hosts: [shop.example]", "hosts: [shop.example], mode: detect", 1))
	wait(0)
	put("apiVersion: glacis/v3\n")
	for deadline := time.Now().Add(time.Minute); !strings.Contains(r.events.String(), "stays in force"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a broken file is not reported")
		}
	}
	r.wantStatus(0, get(attack, "changes-0003"))
}
