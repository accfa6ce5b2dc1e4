package traefik

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const sitePolicy = `{"apiVersion":"glacis/v1","name":"site",
"defaults":{"response":"own","protections":{"addresses":{"mode":"prevent","deny":["203.0.113.0/24"]}}},
"assets":[{"name":"shop","hosts":["shop.test"]},{"name":"blog","hosts":["blog.test"],"mode":"detect"}],
"exceptions":[{"id":"search","assets":["shop"],"locations":["query.find"]}],
"responses":[{"name":"own","status":451,"json":"{\"blocked\":\"{id}\"}"}],
"source":{"trustedProxies":["192.0.2.0/24"]}}`

// tree is the policy as Traefik's file provider hands it over.
func tree(t *testing.T) map[string]interface{} {
	var out map[string]interface{}
	if err := json.Unmarshal([]byte(sitePolicy), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPolicy: from wherever it comes, a policy decides the same.
func TestPolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, []byte(sitePolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	attack := strings.TrimPrefix(hostile, "/?q")
	cases := []struct {
		target, host, forwarded string
		status                  int
	}{
		{"/?find" + attack, "shop.test", "", 200},
		{"/?q" + attack, "shop.test", "", 451},
		{"/?q" + attack, "blog.test", "", 200},
		{"/?q=lamp", "shop.test", "198.51.100.1", 200},
		{"/?q=lamp", "shop.test", "198.51.100.1, 203.0.113.4", 451},
		{"/?q=lamp", "shop.test", "203.0.113.4, 198.51.100.1", 200},
	}
	configs := []Config{{Policy: tree(t)}, {Policy: sitePolicy}, {PolicyFile: file}}
	for i := range configs {
		config := configs[i]
		config.Engine = "embedded"
		config.Log = "off"
		ctx, cancel := context.WithCancel(context.Background())
		h, err := New(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}), &config, "test")
		if err != nil {
			t.Fatal(err)
		}
		for k := range cases {
			c := &cases[k]
			r := httptest.NewRequest("GET", c.target, nil)
			r.Host = c.host
			r.Header.Set("X-Forwarded-For", c.forwarded)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("configuration %d: %s at %s for %s: %d, want %d", i, c.target, c.host, c.forwarded, w.Code, c.status)
			}
			if w.Code == 451 && !strings.HasPrefix(w.Body.String(), `{"blocked":"`) {
				t.Errorf("answer %s", w.Body.String())
			}
		}
		cancel()
	}
}

func TestPolicyErrors(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(bad, []byte("apiVersion: glacis/v1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := map[string]interface{}{"apiVersion": "glacis/v1", "default": map[string]interface{}{}}
	cases := []struct {
		config Config
		want   string
	}{
		{Config{Policy: wrong}, `policy.default: unknown key, did you mean "defaults"?`},
		{Config{Policy: `{"apiVersion":"glacis/v2"}`}, "policy.apiVersion: want glacis/v1"},
		{Config{Policy: "apiVersion: glacis/v1"}, "policy: JSON: byte 0"},
		{Config{Policy: 7}, "policy: want a mapping"},
		{Config{PolicyFile: "/nowhere/policy.json"}, "policyFile: open /nowhere"},
		{Config{PolicyFile: bad}, "policyFile: " + bad + ": policy: JSON"},
		{Config{PolicyFile: bad, Policy: sitePolicy}, "policyFile: contradicts policy"},
		{Config{Mode: "sidecar", Sidecar: "unix:///s", Policy: sitePolicy}, "policy: engine sidecar"},
	}
	for i := range cases {
		c := &cases[i]
		_, err := New(context.Background(), http.NotFoundHandler(), &c.config, "m")
		if err == nil || !strings.HasPrefix(err.Error(), "glacis middleware m: "+c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestPolicyRefresh: a changed file is in force at the next look; a wrong one
// changes nothing.
func TestPolicyRefresh(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.json")
	put := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(sitePolicy)
	config := Config{Engine: "embedded", PolicyFile: file}
	o, err := config.check()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newShared(&o)
	if err != nil {
		t.Fatal(err)
	}
	defer close(s.done)
	first := s.current()
	s.refresh(&o, time.Now())
	if s.current() != first {
		t.Error("an unchanged file made new rules")
	}
	put(`{"apiVersion":"glacis/v1","mode":"detect"}`)
	s.refresh(&o, time.Now())
	if s.current() != first || !strings.Contains(s.trouble, "policy.mode: unknown key") {
		t.Errorf("a wrong file: trouble %q", s.trouble)
	}
	put(`{"apiVersion":"glacis/v1","exceptions":[{"id":"soon","locations":["query.q"],"expires":"2030-01-01"}]}`)
	s.refresh(&o, time.Now())
	second := s.current()
	if second == first || second.policy.Version() == first.policy.Version() || s.trouble != "" {
		t.Errorf("a new file is not in force: %q", s.trouble)
	}
	s.refresh(&o, time.Date(2030, 2, 1, 0, 0, 0, 0, time.UTC))
	if s.current() == second || s.current().policy.Version() != second.policy.Version() {
		t.Error("an expired exception was not noticed")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s.refresh(&o, time.Now())
	if !strings.Contains(s.trouble, "policyFile: open") {
		t.Errorf("a lost file: %q", s.trouble)
	}
}

// TestOtherPolicy: a sidecar with another policy is noticed once.
func TestOtherPolicy(t *testing.T) {
	config := Config{Policy: sitePolicy, Sidecar: "http://127.0.0.1:1"}
	o, err := config.check()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newShared(&o)
	if err != nil {
		t.Fatal(err)
	}
	own := s.current()
	s.compare(own, own.policy.Version())
	if s.compared {
		t.Error("the same policy is another one")
	}
	s.compare(own, "")
	s.compare(own, "other@1")
	if !s.compared || s.theirs != "other@1" {
		t.Errorf("%v %q", s.compared, s.theirs)
	}
}
