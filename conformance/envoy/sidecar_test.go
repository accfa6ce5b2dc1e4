package envoy

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
)

// site is an Envoy with two workers, the plugin tied to a sidecar.
type site struct {
	*testing.T
	envoy   *Process
	sidecar *Sidecar
	client  *http.Client
}

func newSite(t *testing.T) *site {
	s := &site{T: t, sidecar: NewSidecar(t), client: &http.Client{Timeout: 10 * time.Second}}
	s.envoy = Start(t, Options{Version: versions[0], Upstream: quiet(t), Sidecar: s.sidecar.Address, Workers: 2,
		Plugin: map[string]any{"sidecar": "sidecar", "sidecarToken": s.sidecar.Token, "sendEvents": true, "holdHeaders": true},
		Change: func(config map[string]any) {
			m := Manager(config)
			m["use_remote_address"], m["xff_num_trusted_hops"] = true, 1
		}}, io.Discard)
	return s
}

// search asks for something from a source and returns the status.
func (s *site) search(from int, q, page string) int {
	s.Helper()
	req, err := http.NewRequest("GET", "http://"+s.envoy.Address+"/search?q="+url.QueryEscape(q)+"&page="+url.QueryEscape(page), nil)
	if err != nil {
		s.Fatal(err)
	}
	req.Host = "shop.test"
	req.Header.Set("X-Forwarded-For", source(from))
	res, err := s.client.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body) // to use the connection again
	return res.StatusCode
}

// crowd sends ordinary requests from 40 sources.
func (s *site) crowd() {
	s.Helper()
	for from := range 40 {
		for i, q := range []string{"red shoes", "socks"} {
			if status := s.search(from, q, fmt.Sprint(1+(from+i)%30)); status != 200 {
				s.Fatalf("ordinary request: status %d", status)
			}
		}
	}
}

// agents returns those that the sidecar knows.
func (s *site) agents() []agent.Report {
	text, err := s.sidecar.Ask("/v1/agents")
	if err != nil {
		return nil
	}
	var list struct{ Agents []agent.Report }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		s.Fatal(err)
	}
	own := list.Agents[:0]
	for _, a := range list.Agents {
		if a.Kind == "envoy/wasm" {
			own = append(own, a)
		}
	}
	return own
}

func (s *site) eventually(what string, most time.Duration, ok func() bool) {
	s.Helper()
	for deadline := time.Now().Add(most); !ok(); time.Sleep(500 * time.Millisecond) {
		if time.Now().After(deadline) {
			stats, err := s.envoy.Ask("/stats?filter=glacis")
			s.Fatalf("never came: %s; %s, %v", what, stats, err)
		}
	}
}

func (s *site) observations() float64 {
	n, err := s.sidecar.Metric("glacis_observations_total")
	if err != nil {
		return -1
	}
	return n
}

// TestSidecarProcess has a real Envoy and a real "glacis sidecar" learn from each
// other, in windows of one minute: without a sidecar at first, then until the
// profile turns a verdict, and on while the sidecar is killed and comes back.
func TestSidecarProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("takes three windows of learning, a minute each")
	}
	t.Parallel() // it mostly waits
	s := newSite(t)
	s.crowd()
	s.sidecar.Start(t)
	s.eventually("three agents: two workers and the main thread", time.Minute, func() bool { return len(s.agents()) == 3 })
	if status := s.search(200, "shoes", weak); status != 200 {
		t.Fatalf("weak evidence is refused before anything was learned: %d", status)
	}
	s.eventually("a profile that refuses weak evidence in a place for numbers", 6*time.Minute, func() bool {
		s.crowd()
		time.Sleep(4 * time.Second)
		return s.search(200, "shoes", weak) == 403
	})
	s.eventually("reports with requests and the profile", time.Minute, func() bool {
		requests, profiles := uint64(0), 0
		for _, a := range s.agents() {
			requests += a.Requests
			if a.Profile != "" {
				profiles++
			}
		}
		return requests > 80 && profiles == 3
	})
	s.eventually("the event", time.Minute, func() bool {
		text, err := s.sidecar.Ask("/v1/events?action=block")
		return err == nil && strings.Contains(text, "envoy/wasm")
	})

	s.sidecar.Kill()
	s.crowd()
	if status := s.search(201, "shoes", weak); status != 403 {
		t.Errorf("without the sidecar the profile is gone: %d", status)
	}
	s.eventually("calls that failed", time.Minute, func() bool {
		n, err := s.envoy.Stat("wasmcustom.glacis.sidecar_failures")
		return err == nil && n > 0
	})
	s.sidecar.Start(t)
	s.search(202, manual, "1") // always observed
	s.eventually("what was observed meanwhile", time.Minute, func() bool { return s.observations() > 0 })
	if n, err := s.envoy.Stat("wasmcustom.glacis.observations_dropped"); err != nil || n != 0 {
		t.Errorf("%d observations were dropped, %v", n, err)
	}
	if status := s.search(203, "shoes", weak); status != 403 {
		t.Errorf("status %d", status)
	}
}
