package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// family is a metric as a scrape shows it.
type family struct {
	name, kind, help string
	labels           []string
	shown            []string // by proxy, sidecar
}

// scrapes are what a proxy and a sidecar show after a bit of everything.
var scrapes = struct {
	once  sync.Once
	texts map[string]string
}{texts: map[string]string{}}

const metricsPolicy = `apiVersion: glacis/v1
name: shop
assets: [{name: shop, hosts: ["*"], protections: {securityHeaders: {mode: prevent}}}]
exceptions: [{id: search, locations: [query.html], reason: test}]
rateLimits: [{name: login, paths: [/login], requests: 1, window: 1h}]
`

// scrape runs a proxy with everything that has metrics and the sidecar that it
// learns from, makes a bit of traffic and returns what both show. It does so
// once.
func scrape(t *testing.T) map[string]string {
	t.Helper()
	scrapes.once.Do(func() {
		at(t)
		upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/broken" {
				panic(http.ErrAbortHandler)
			}
		}))
		t.Cleanup(upstream.Close)
		dir := t.TempDir()
		policy, second := filepath.Join(dir, "policy.yaml"), filepath.Join(dir, "second.tgz")
		put(t, policy, metricsPolicy)
		deliverytest.Replace(t, second, deliverytest.Blind(t, "9.0.0"))
		addresses, _ := startSidecar(t, "--store", t.TempDir(), "--policy", policy, "--model-registry", "oci://127.0.0.1:1/models/basic:latest")
		said := startProxy(t, "--upstream", upstream.URL, "--policy", policy, "--sidecar", addresses[0], "--shadow-model", second,
			"--shadow-sample", "1", "--model-unsigned", "--model-registry", "oci://127.0.0.1:1/models/basic:latest")
		const attack = "1%27%20union%20select%20password%20from%20users--"
		for _, target := range []string{"/?q=" + attack, "/?html=" + attack, "/login", "/login", "/broken"} {
			visit(t, "http://"+said["listen"]+target)
			visit(t, "http://"+addresses[0]+"/v1/authz/envoy"+target)
		}
		for range 200 {
			scrapes.texts["proxy"], scrapes.texts["sidecar"] = visit(t, "http://"+said["metrics"]+"/metrics"), visit(t, "http://"+addresses[0]+"/metrics")
			if strings.Contains(scrapes.texts["proxy"], `glacis_shadow_differences_total{`) && strings.Contains(scrapes.texts["sidecar"], `glacis_agents{kind="proxy"} 1`) {
				return
			}
			waitABit()
		}
		t.Errorf("the shadow model or the agent does not show:\n%s\n%s", scrapes.texts["proxy"], scrapes.texts["sidecar"])
	})
	return scrapes.texts
}

func visit(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Glacis-Source", "192.0.2.1") // as Envoy says it to a sidecar
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	metricLine  = regexp.MustCompile(`^(glacis_[a-z_]+)(\{[^}]*\})? `)
	metricLabel = regexp.MustCompile(`([a-z_]+)="`)
)

// families takes the scrapes apart; metrics of Go and the process are left out.
func families(texts map[string]string) map[string]*family {
	all := map[string]*family{}
	for _, program := range slices.Sorted(maps.Keys(texts)) {
		for line := range strings.Lines(texts[program]) {
			words := strings.SplitN(strings.TrimSpace(line), " ", 4)
			if len(words) == 4 && words[1] == "HELP" && strings.HasPrefix(words[2], "glacis_") {
				f := all[words[2]]
				if f == nil {
					f = &family{name: words[2], help: words[3]}
					all[words[2]] = f
				}
				f.shown = append(f.shown, program)
			}
			if len(words) == 4 && words[1] == "TYPE" && all[words[2]] != nil {
				all[words[2]].kind = words[3]
			}
			m := metricLine.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			if f := metricOf(all, m[1]); f != nil {
				for _, label := range metricLabel.FindAllStringSubmatch(m[2], -1) {
					if !slices.Contains(f.labels, label[1]) && label[1] != "le" {
						f.labels = append(f.labels, label[1])
					}
				}
			}
		}
	}
	return all
}

// metricOf finds the metric of a series, whose name a histogram makes longer.
func metricOf(all map[string]*family, name string) *family {
	if f := all[name]; f != nil {
		return f
	}
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if f := all[strings.TrimSuffix(name, suffix)]; f != nil && f.kind == "histogram" {
			return f
		}
	}
	return nil
}

// TestMetricsLint runs Prometheus's own linter over what is shown.
func TestMetricsLint(t *testing.T) {
	for program, text := range scrape(t) {
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil {
			t.Fatalf("%s: %v", program, err)
		}
		for _, p := range problems {
			if strings.HasPrefix(p.Metric, "glacis_") {
				t.Errorf("%s: %s: %s", program, p.Metric, p.Text)
			}
		}
	}
}

const (
	metricsFile = "../../docs/metrics.md"
	metricsMark = "<!-- metrics -->\n"
)

// TestMetricsDocs compares the table of docs/metrics.md with what is shown.
func TestMetricsDocs(t *testing.T) {
	text, err := os.ReadFile(metricsFile)
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(text), metricsMark)
	if !ok {
		t.Fatalf("%s has no line %q", metricsFile, metricsMark)
	}
	var b strings.Builder
	b.WriteString(before + metricsMark + "\n| metric | type | labels | shown by | |\n|---|---|---|---|---|\n")
	all := families(scrape(t))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f := all[name]
		slices.Sort(f.labels)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", name, f.kind, strings.Join(f.labels, ", "), strings.Join(f.shown, ", "), strings.ReplaceAll(f.help, "|", `\|`))
	}
	if b.String() == string(text) {
		return
	}
	if !*updateDocs {
		t.Fatalf("%s is out of date: go test ./cmd/glacis -run TestMetricsDocs -update", metricsFile)
	}
	if err := os.WriteFile(metricsFile, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
