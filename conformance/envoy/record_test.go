package envoy

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
)

// recorder takes what agents send and keeps it.
type recorder struct {
	mu      sync.Mutex
	reports []agent.Report
	records []profile.Observation
}

// welcome answers a report. The public key is one of RFC 8032.
func welcome(w http.ResponseWriter) {
	_ = json.NewEncoder(w).Encode(agent.Welcome{SourceKey: make([]byte, 32), Period: 3600,
		PublicKey: "glacis-ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}) // an Envoy that leaves is no concern
}

// ServeHTTP implements http.Handler.
func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch req.URL.Path {
	case "/v1/agents":
		var a agent.Report
		if json.Unmarshal(body, &a) == nil && a.Check() == nil {
			r.reports = append(r.reports, a)
		}
		welcome(w)
	case "/v1/observations":
		_, list, err := batch.Parse(body)
		for _, data := range list {
			var o profile.Observation
			if err == nil {
				err = o.Parse(data)
			}
			r.records = append(r.records, o)
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// TestRecords looks at what an Envoy sends: the class of the answer, the vote of
// the client, and the node's name in reports.
func TestRecords(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) { testRecords(t, version) })
	}
}

func testRecords(t *testing.T, version string) {
	t.Helper()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer upstream.Close()
	r := new(recorder)
	sidecar := httptest.NewServer(r)
	defer sidecar.Close()
	p := Start(t, Options{Version: version, Upstream: upstream.Listener.Addr().String(), Sidecar: sidecar.Listener.Addr().String(),
		Plugin: map[string]any{"sidecar": "sidecar"},
		Change: func(config map[string]any) {
			config["node"] = map[string]any{"id": "edge-7", "cluster": "edge"}
			m := Manager(config)
			m["use_remote_address"], m["xff_num_trusted_hops"] = true, 1
		}}, io.Discard)
	time.Sleep(time.Second) // until the sidecar has been met; before, nobody has a vote
	ask := func(from int, target string) {
		t.Helper()
		req, err := http.NewRequest("GET", "http://"+p.Address+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", source(from))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	ask(1, "/found?n=1")
	ask(2, "/missing")
	ask(1, "/?id=1%27+UNION+SELECT+username,+password+FROM+users--+-")
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		r.mu.Lock()
		n := len(r.records)
		r.mu.Unlock()
		if n >= 3 {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.records) != 3 {
		t.Fatalf("%d records", len(r.records))
	}
	found, missing, refused := &r.records[0], &r.records[1], &r.records[2]
	if found.Status != 2 || missing.Status != 4 || refused.Status != 0 || len(refused.Indicators) == 0 {
		t.Errorf("statuses %d, %d and %d, %d indicators", found.Status, missing.Status, refused.Status, len(refused.Indicators))
	}
	if found.Source == 0 || found.Source != refused.Source || found.Source == missing.Source {
		t.Errorf("votes %x, %x and %x", found.Source, missing.Source, refused.Source)
	}
	if len(r.reports) < 2 || r.reports[0].Host != "edge-7" {
		t.Errorf("reports %+v", r.reports)
	}
}
