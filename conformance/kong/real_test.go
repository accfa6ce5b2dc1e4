package kong

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
)

// realTarget is a Kong that runs already, in DB-less mode, with the plugin
// server installed. The suite's route replaces its configuration.
type realTarget struct {
	proxy, admin, events string
}

func (realTarget) Name() string { return "kong/real" }

// Deviations implements conformance.Target: Kong's nginx does as mini-Kong's, and
// its port without TLS takes one version of HTTP.
func (realTarget) Deviations() []conformance.Deviation {
	return append(miniTarget{}.Deviations(), conformance.Deviation{Cases: "*/http2-*", Kind: conformance.Skipped,
		Reason: "Kong's listener without TLS takes either HTTP/1 or HTTP/2, and KONG_PROXY is one of HTTP/1."})
}

func (r realTarget) Start(t testing.TB, backend string) conformance.Instance {
	return r.start(t, backend, config)
}

// StartUnder implements conformance.Ruled.
func (r realTarget) StartUnder(t testing.TB, backend string, p *conformance.Policy) conformance.Instance {
	return r.start(t, backend, under(t, p))
}

func (r realTarget) start(t testing.TB, backend, config string) conformance.Instance {
	events := conformance.NewEvents()
	log, err := os.Open(r.events)
	if err != nil {
		t.Fatalf("KONG_EVENTS must name the file given to the plugin server's -events: %v", err)
	}
	if _, err := log.Seek(0, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() { defer close(followed); follow(ctx, log, events) }()
	t.Cleanup(func() { cancel(); <-followed; log.Close() })
	if err := r.configure(backend, config); err != nil {
		t.Fatalf("configure Kong: %v", err)
	}
	return conformance.HTTP(r.proxy, events)
}

// follow copies what is appended to a file.
func follow(ctx context.Context, from io.Reader, to io.Writer) {
	for ctx.Err() == nil {
		if n, err := io.Copy(to, from); n == 0 || err != nil {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func (r realTarget) configure(backend, config string) error {
	host, port, err := net.SplitHostPort(backend)
	if err != nil {
		return err
	}
	var settings any
	if err := json.Unmarshal([]byte(config), &settings); err != nil {
		return err
	}
	type object = map[string]any
	body, err := json.Marshal(object{"_format_version": "3.0",
		"services": []object{{"name": "conformance", "url": "http://" + net.JoinHostPort(host, port),
			"routes": []object{{"name": "conformance", "paths": []string{"/"}, "strip_path": false, "preserve_host": true}}}},
		"plugins": []object{{"name": "glacis", "config": settings}}})
	if err != nil {
		return err
	}
	res, err := http.Post("http://"+r.admin+"/config", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		answer, _ := io.ReadAll(io.LimitReader(res.Body, 4096)) // for the message only
		return fmt.Errorf("%s: %s", res.Status, answer)
	}
	return nil
}

// TestRealTarget: what a real Kong is told for a policy is the suite's configuration
// with that in it, and every case over HTTP/2 is left out with a reason.
func TestRealTarget(t *testing.T) {
	var got struct {
		Plugins []struct {
			Name   string
			Config struct{ Mode, Log, Policy string }
		}
	}
	admin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if err := json.NewDecoder(q.Body).Decode(&got); err != nil || q.URL.Path != "/config" {
			t.Errorf("%s: %v", q.URL, err)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	defer admin.Close()
	log := filepath.Join(t.TempDir(), "events")
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := realTarget{"127.0.0.1:1", admin.Listener.Addr().String(), log}
	var _ conformance.Ruled = r
	r.StartUnder(t, "127.0.0.1:2", &conformance.Policy{YAML: []byte("name: shop\n")})
	if len(got.Plugins) != 1 || got.Plugins[0].Name != "glacis" || got.Plugins[0].Config.Policy != "name: shop\n" || got.Plugins[0].Config.Log != "all" {
		t.Errorf("%+v", got)
	}
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		skipped := slices.ContainsFunc(r.Deviations(), func(d conformance.Deviation) bool {
			ok, err := path.Match(d.Cases, c.Name())
			return err == nil && ok && d.Kind == conformance.Skipped && d.Reason != ""
		})
		if c.Message("real-test-0001").HTTP2 && !skipped {
			t.Errorf("%s goes over HTTP/2", c.Name())
		}
	}
}
