package kong

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// clients is the number of requests under way at the same time.
const clients = 8

// TestCostMini prints what inspection costs behind nginx that does as Kong
// does: processor time of nginx's worker and of the plugin server per request,
// over plain proxying by the same nginx, in one run of interleaved rounds.
func TestCostMini(t *testing.T) {
	rounds, n := 1, 50
	if os.Getenv("COST") != "" {
		rounds, n = 7, 2000
	}
	r := newRig(t, `{"deadline_ms":30000,"log":"blocked"}`, 1)
	worker := r.configure("").Worker
	send := func(target string, kind string, i int) {
		method, body := "GET", io.Reader(nil)
		if kind != "GET" {
			method, body = "POST", strings.NewReader(string(costRequests()["POST 1 KB"].Body))
		}
		q, err := http.NewRequest(method, fmt.Sprintf("http://%s%s?page=%d", r.Address, target, i), body)
		if err != nil {
			t.Error(err)
		}
		for _, h := range costRequests()["GET"].Headers[2:] {
			q.Header.Set(h.Name, h.Value)
		}
		if body != nil {
			q.Header.Set("Content-Type", "application/json")
		}
		res, err := r.client.Do(q)
		if err != nil {
			t.Error(err)
			return
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != 200 {
			t.Errorf("status %d, %v", res.StatusCode, err)
		}
	}
	spent := map[string][]time.Duration{}
	for round := range rounds + 1 {
		for _, kind := range []string{"GET", "POST 1 KB"} {
			for _, target := range []string{"/minikong-plain", "/inspected"} {
				nginx, err := cpuTime(worker)
				if err != nil {
					t.Skipf("processor time is read from Linux's /proc: %v", err)
				}
				plugin, err := cpuTime(r.plugin.PID())
				if err != nil {
					t.Error(err)
				}
				var all sync.WaitGroup
				for c := range clients {
					all.Go(func() {
						for i := c; i < n; i += clients {
							send(target, kind, round*n+i)
						}
					})
				}
				all.Wait()
				nginx2, err := cpuTime(worker)
				if err != nil {
					t.Error(err)
				}
				plugin2, err := cpuTime(r.plugin.PID())
				if err != nil {
					t.Error(err)
				}
				if round > 0 {
					spent[kind+target+" nginx"] = append(spent[kind+target+" nginx"], (nginx2-nginx)/time.Duration(n))
					spent[kind+target+" plugin"] = append(spent[kind+target+" plugin"], (plugin2-plugin)/time.Duration(n))
				}
			}
		}
	}
	for _, kind := range []string{"GET", "POST 1 KB"} {
		plain, inspected := median(spent[kind+"/minikong-plain nginx"]), median(spent[kind+"/inspected nginx"])
		plugin := median(spent[kind+"/inspected plugin"])
		t.Logf("%-10s plain %5.1f µs in nginx; inspected %5.1f µs in nginx and %5.1f µs in the plugin: %+.1f µs",
			kind, us(plain), us(inspected), us(plugin), us(inspected+plugin-plain))
	}
}
