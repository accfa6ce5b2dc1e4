package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/shadow"
)

// server is a glacis command that serves, in this process.
type server struct {
	*testing.T
	log              output
	clients, metrics string
}

// proxied runs glacis proxy before an upstream until the test ends.
func proxied(t *testing.T, args ...string) *server {
	t.Helper()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "shop") }))
	s := &server{T: t}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		done <- run(ctx, append([]string{"proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"}, args...), strings.NewReader(""), io.Discard, &s.log)
	}()
	t.Cleanup(func() {
		stop()
		if got := <-done; got != exitOK {
			t.Errorf("exit status %d: %s", got, &s.log)
		}
		upstream.Close()
	})
	s.clients, s.metrics = s.log.await(t, `"listen":"([^"]+)"`), s.log.await(t, `"metrics":"([^"]+)"`)
	return s
}

// ask returns status and text of an answer.
func (s *server) ask(method, url string) (int, string) {
	s.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		s.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// attack sends one and returns the status.
func (s *server) attack() int {
	status, _ := s.ask("GET", "http://"+s.clients+"/?q=1%27%20union%20select%20password%20from%20users--")
	return status
}

// reload tells the proxy to load its models.
func (s *server) reload() (int, modelStatus) {
	s.Helper()
	status, text := s.ask("POST", "http://"+s.metrics+"/-/model/reload")
	var m modelStatus
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		s.Fatal(err)
	}
	return status, m
}

// TestProxyModel changes the model of a proxy that serves, in every way: a file
// that changes, a command, SIGHUP's twin on the local listener. A bad one changes
// nothing.
func TestProxyModel(t *testing.T) {
	at(t)
	signer := deliverytest.NewSigner(t)
	file := filepath.Join(t.TempDir(), "model.tgz")
	signer.Write(t, file, deliverytest.Archive(t, "1.5.0"))
	bare := filepath.Join(t.TempDir(), "bare.tgz")
	deliverytest.Replace(t, bare, deliverytest.Archive(t, "1.5.0"))
	refused(t, "--model-unsigned", "proxy", "--upstream", "http://127.0.0.1:1", "--model", bare, "--model-key", signer.String())
	proxied(t, "--model", bare).log.await(t, "is taken without a signature")
	refused(t, "pull it first", "proxy", "--upstream", "http://127.0.0.1:1", "--model", "oci://x/y:z")
	s := proxied(t, "--model", file, "--model-key", signer.String())
	if got := s.attack(); got != http.StatusForbidden {
		t.Errorf("status %d", got)
	}
	s.log.await(t, `"model":"basic 1.5.0"`)
	signer.Write(t, file, deliverytest.Blind(t, "1.6.0"))
	s.log.await(t, `"model in force","model":"basic 1.6.0"`) // seen by the watch
	if got := s.attack(); got != http.StatusOK {
		t.Errorf("status %d with a model that finds nothing", got)
	}
	deliverytest.Replace(t, file, deliverytest.Archive(t, "1.7.0")) // its signature is another's
	if status, m := s.reload(); status != http.StatusConflict || m.Model != "basic 1.6.0" || !strings.Contains(m.Error, "does not match") {
		t.Errorf("%d %+v", status, m)
	}
	s.log.await(t, `the model was refused, the old one stays in force","model":"basic 1.6.0"`)
	if got := s.attack(); got != http.StatusOK {
		t.Errorf("status %d: the old model is not in force", got)
	}
	_, text := s.ask("GET", "http://"+s.metrics+"/metrics")
	for _, want := range []string{`glacis_model_info{model="basic 1.6.0"} 1`, "glacis_model_error 1\n", "glacis_model_signed 1\n", "glacis_model_loads_total 2\n", "glacis_model_load_failures_total "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	signer.Write(t, file, deliverytest.Archive(t, "1.7.0"))
	if status, m := s.reload(); status != http.StatusOK || m.Model != "basic 1.7.0" || m.Error != "" || m.Signer == "" {
		t.Errorf("%d %+v", status, m)
	}
	if got := s.attack(); got != http.StatusForbidden {
		t.Errorf("status %d", got)
	}
}

// TestProxyModelCrossOrigin keeps pages in a browser from sending commands.
func TestProxyModelCrossOrigin(t *testing.T) {
	at(t)
	s := proxied(t)
	req, err := http.NewRequest("POST", "http://"+s.metrics+"/-/model/reload", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", res.StatusCode)
	}
}

// TestProxyModelPlaces finds models where nobody named one: the environment,
// the policy, the store, the well-known path, in this order.
func TestProxyModelPlaces(t *testing.T) {
	root := at(t)
	signer := deliverytest.NewSigner(t)
	t.Setenv(delivery.EnvKey, signer.String())
	s := proxied(t)
	if _, m := s.reload(); m.Model != "" || m.Error != "" {
		t.Errorf("%+v", m)
	}
	known := filepath.Join(root, delivery.WellKnownPath)
	deliverytest.Replace(t, known, deliverytest.Archive(t, "1.1.0"))
	if status, m := s.reload(); status != http.StatusConflict || m.Model != "" || !strings.Contains(m.Error, "not signed") {
		t.Errorf("%d %+v", status, m)
	}
	signer.Write(t, known, deliverytest.Archive(t, "1.1.0"))
	if _, m := s.reload(); m.Model != "basic 1.1.0" || m.Origin != known {
		t.Errorf("%+v", m)
	}
	installed := filepath.Join(t.TempDir(), "installed.tgz")
	signer.Write(t, installed, deliverytest.Archive(t, "1.2.0"))
	glacis(t, "model", "install", installed)
	if _, m := s.reload(); m.Model != "basic 1.2.0" {
		t.Errorf("%+v", m)
	}

	byPolicy := filepath.Join(t.TempDir(), "policy.tgz")
	signer.Write(t, byPolicy, deliverytest.Archive(t, "1.3.0"))
	file := filepath.Join(t.TempDir(), "policy.yaml")
	policy := func(text string) { deliverytest.Replace(t, file, []byte("apiVersion: glacis/v1\n"+text)) }
	policy("name: with\nmodel: " + byPolicy + "\n")
	p := proxied(t, "--policy", file)
	if _, m := p.reload(); m.Model != "basic 1.3.0" {
		t.Errorf("%+v", m)
	}
	policy("name: bad\nmodel: /nowhere.tgz\n")
	p.log.await(t, `the policy was not reloaded[^\n]*with@[^\n]*model: [^\n]*no such file`)
	if _, m := p.reload(); m.Model != "basic 1.3.0" {
		t.Errorf("%+v", m)
	}
	policy("name: without\n")
	p.log.await(t, `"policy reloaded","policy":"without@`)
	if _, m := p.reload(); m.Model != "basic 1.2.0" {
		t.Errorf("%+v", m)
	}

	byEnvironment := filepath.Join(t.TempDir(), "environment.tgz")
	signer.Write(t, byEnvironment, deliverytest.Archive(t, "1.4.0"))
	t.Setenv(delivery.EnvModel, byEnvironment)
	policy("name: with\nmodel: " + byPolicy + "\n")
	if _, m := proxied(t, "--policy", file).reload(); m.Model != "basic 1.4.0" {
		t.Errorf("%+v", m)
	}
	if err := os.Remove(byEnvironment); err != nil {
		t.Fatal(err)
	}
	refused(t, "--model: stat "+byEnvironment, "proxy", "--upstream", "http://127.0.0.1:1")
}

// TestProxyShadow compares with a model that finds nothing; a policy's
// exceptions count once.
func TestProxyShadow(t *testing.T) {
	at(t)
	file, policy := filepath.Join(t.TempDir(), "blind.tgz"), filepath.Join(t.TempDir(), "policy.yaml")
	deliverytest.Replace(t, file, deliverytest.Blind(t, "9.0.0"))
	deliverytest.Replace(t, policy, []byte("apiVersion: glacis/v1\nexceptions: [{id: search, paths: [/search], locations: [query.q], reason: test}]\n"))
	refused(t, "--shadow-sample", "proxy", "--upstream", "http://127.0.0.1:1", "--shadow-model", file, "--shadow-sample", "2")
	refused(t, "--shadow-model", "proxy", "--upstream", "http://127.0.0.1:1", "--shadow-model", file)
	s := proxied(t, "--shadow-model", file, "--shadow-sample", "1", "--model-unsigned", "--policy", policy)
	if got := s.attack(); got != http.StatusForbidden {
		t.Errorf("status %d", got)
	}
	if status, _ := s.ask("GET", "http://"+s.clients+"/search?q=1%27%20union%20select%20password%20from%20users--"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	s.log.await(t, `"the shadow model differs"`)
	var r shadow.Report
	live := "http://" + s.metrics
	for range 1000 {
		if err := json.Unmarshal([]byte(glacis(t, "model", "compare", "--live", live, "--json")), &r); err != nil || r.Compared == 2 {
			break
		}
	}
	if r.Compared != 2 || r.Passes != 1 || r.Model != "basic 9.0.0" {
		t.Errorf("%+v", r)
	}
	if out := glacis(t, "model", "compare", "--live", live); !strings.Contains(out, "only it would pass   1") || !strings.Contains(out, "block → pass") {
		t.Error(out)
	}
	_, text := s.ask("GET", live+"/metrics")
	for _, want := range []string{`glacis_shadow_differences_total{action="pass"} 1`, `glacis_shadow_model_info{model="basic 9.0.0"} 1`, `glacis_exception_matches_total{effect="applied",exception="search"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	refused(t, "--live: there is no shadow model", "model", "compare", "--live", "http://"+proxied(t).metrics)
	refused(t, "give --new, --live or --sidecar", "model", "compare")
	refused(t, "no files", "model", "compare", "--live", live, "x.har")
	if out := glacis(t, "model", "compare", "--new", file, "testdata/sample.jsonl"); !strings.Contains(out, "block → pass") || !strings.Contains(out, "basic") && !strings.Contains(out, "treated more strictly") {
		t.Error(out)
	}
}
