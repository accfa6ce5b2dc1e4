package envoy

import (
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

const (
	// soakRequests is how many TestSoak sends by default; `make soak-envoy` (SOAK)
	// sends more, which shows less a request.
	soakRequests = 6_000
	// soakGrowth is what Envoy's memory may grow by after it has settled: 1.4 KB
	// a request by default, 280 bytes of 30,000.
	soakGrowth = 8 << 20
	// workerMemory is what a further worker may cost, Envoy's own share
	// included.
	workerMemory = 20 << 20
)

// TestSoak sends mixed requests until memory would show what is never freed.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests: run without -short")
	}
	requests := soakRequests
	if text := os.Getenv("SOAK"); text != "" {
		var err error
		if requests, err = strconv.Atoi(text); err != nil || requests < soakRequests {
			t.Fatalf("SOAK=%q is no number of at least %d", text, soakRequests)
		}
	}
	set, err := benchset.Load()
	if err != nil {
		t.Fatal(err)
	}
	messages := [][]byte{[]byte("GET /?id=1%27+UNION+SELECT+username%2C+password+FROM+users--+- HTTP/1.1\r\nHost: shop.test\r\n\r\n")}
	for _, k := range set.Kinds {
		for i := range k.Requests {
			if k.Requests[i].Bytes() < 64<<10 {
				messages = append(messages, Render(&k.Requests[i]))
			}
		}
	}
	p := Start(t, Options{Version: versions[0], Upstream: quiet(t), Plugin: map[string]any{"holdHeaders": true}}, io.Discard)
	load(t, p, messages, requests/3)
	before := resident(t, p)
	load(t, p, messages, requests)
	after := resident(t, p)
	t.Logf("%d requests: %d MB, then %d MB", requests, before>>20, after>>20)
	if after > before+soakGrowth {
		t.Errorf("memory grew by %d bytes", after-before)
	}
	if n, err := p.Stat("wasmcustom.glacis.requests.block"); err != nil || n == 0 {
		t.Errorf("counter of blocked requests: %d, %v", n, err)
	}
}

func load(t *testing.T, p *Process, messages [][]byte, n int) {
	t.Helper()
	statuses, err := Load(p.Address, messages, n, connections)
	if err != nil {
		t.Fatal(err)
	}
	if statuses[http.StatusOK]+statuses[http.StatusForbidden] != n || statuses[http.StatusForbidden] == 0 {
		t.Fatalf("statuses %v", statuses)
	}
}

func resident(t *testing.T, p *Process) int64 {
	t.Helper()
	n, err := p.Resident()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWorkerMemory compares one worker with five.
func TestWorkerMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("starts two more Envoys: run without -short")
	}
	upstream := quiet(t)
	messages := [][]byte{[]byte("GET /?id=1%27+UNION+SELECT+username%2C+password+FROM+users--+- HTTP/1.1\r\nHost: shop.test\r\n\r\n"),
		[]byte("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}")}
	measure := func(workers int) int64 {
		p := Start(t, Options{Version: versions[0], Upstream: upstream, Workers: workers, Plugin: map[string]any{"holdHeaders": true, "log": "off"}}, io.Discard)
		load(t, p, messages, 500*workers)
		return resident(t, p)
	}
	one, five := measure(1), measure(5)
	each := (five - one) / 4
	t.Logf("1 worker: %d MB, 5 workers: %d MB, %.1f MB for each further one", one>>20, five>>20, float64(each)/(1<<20))
	if each > workerMemory {
		t.Errorf("a further worker costs %d bytes", each)
	}
}
