package api

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

type inspectCase struct {
	Name, Query, Type, Body string
	Status                  int
	Want                    map[string]any
}

func inspectCases(t *testing.T) (cases []inspectCase) {
	t.Helper()
	data, err := os.ReadFile("testdata/inspect.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c *inspectCase) send(t *testing.T, base string) (*http.Response, []byte) {
	t.Helper()
	res, err := http.Post(base+"/v1/inspect"+c.Query, c.Type, strings.NewReader(c.Body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

// The mode decides what gateways do; the verdict is the same in all.
func TestInspect(t *testing.T) {
	for _, mode := range []string{gateway.Prevent, gateway.Detect, gateway.Off} {
		service, events := newService(t, gateway.Settings{Mode: mode, Log: gateway.LogAll}, nil)
		base := serve(t, "", Inspect(service))
		for _, c := range inspectCases(t) {
			t.Run(mode+"/"+c.Name, func(t *testing.T) {
				res, body := c.send(t, base)
				var got map[string]any
				if err := json.Unmarshal(body, &got); err != nil || res.StatusCode != c.Status {
					t.Fatalf("%s, %v: %s", res.Status, err, body)
				}
				for key, want := range c.Want {
					if n, ok := want.(int); ok {
						want = float64(n)
					}
					if got[key] != want {
						t.Errorf("%s is %v, want %v", key, got[key], want)
					}
				}
				if id, _ := got["request_id"].(string); c.Status == 200 && !gateway.KeepID(id) {
					t.Errorf("request id %q", id)
				}
			})
		}
		if text := events(); text != "" {
			t.Errorf("the caller reports, and the sidecar did too: %s", text)
		}
	}
}

// A message longer than what is inspected is not read to its end.
func TestInspectLongMessage(t *testing.T) {
	service, _ := newService(t, gateway.Settings{MaxBodyBytes: 1000}, nil)
	c := inspectCase{Body: "POST / HTTP/1.1\r\n\r\n" + strings.Repeat("a", 3<<20), Type: "application/http"}
	res, body := c.send(t, serve(t, "", Inspect(service)))
	var v Verdict
	if err := json.Unmarshal(body, &v); err != nil || res.StatusCode != 200 || !v.Truncated {
		t.Errorf("%s %v %s", res.Status, err, body)
	}
}

func TestInspectTooLong(t *testing.T) {
	service, _ := newService(t, gateway.Settings{}, nil)
	base := serve(t, "", Inspect(service))
	for name, c := range map[string]inspectCase{
		"head": {Type: "application/http", Body: "GET /" + strings.Repeat("a", 300<<10) + " HTTP/1.1\r\n\r\n"},
		"json": {Type: "application/json", Body: `{"method":"GET","uri":"/","body":"` + strings.Repeat("a", maxJSON) + `"}`},
	} {
		if res, body := c.send(t, base); res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %s %s", name, res.Status, body)
		}
	}
}

func TestInspectOverload(t *testing.T) {
	service, _ := newService(t, gateway.Settings{}, func(c *inspection.Config) { c.MaxInFlight = 1 })
	base := serve(t, "", Inspect(service))
	busy := service.Begin("test")
	c := inspectCase{Type: "application/http", Body: "GET / HTTP/1.1\r\n\r\n"}
	if res, body := c.send(t, base); res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("%s %s", res.Status, body)
	}
	busy.Close(nil)
	if res, body := c.send(t, base); res.StatusCode != 200 {
		t.Errorf("%s %s", res.Status, body)
	}
	if n, err := testutil.GatherAndCount(service.Metrics().Registry, "glacis_requests_total"); err != nil || n != 4 {
		t.Errorf("%d %v", n, err)
	}
}
