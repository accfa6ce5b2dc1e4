package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dashboard is a Grafana dashboard as far as its queries go.
type dashboard struct {
	UID, Title string
	Templating struct {
		List []struct {
			Name, Type string
			Query      any
		}
	}
	Panels []struct {
		ID      int
		Type    string
		Title   string
		GridPos struct{ H, W, X, Y int }
		Targets []struct{ Expr, LegendFormat string }
	}
}

var (
	queryName     = regexp.MustCompile(`\b(glacis|go|process)_[a-z_]+`)
	querySelector = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!=|=|!~)\s*"`)
	queryBy       = regexp.MustCompile(`\bby \(([^)]*)\)`)
	queryLegend   = regexp.MustCompile(`\{\{\s*([a-z_]+)\s*\}\}`)
	queryVariable = regexp.MustCompile(`\$(?:\{([a-z_]+)\}|([a-z_]+))`)
)

// scraped are the labels that Prometheus itself adds, and a histogram's.
var scraped = []string{"job", "instance", "le"}

// TestDashboard checks every query of the dashboard against the metrics that a
// proxy and a sidecar really show: names, labels, histograms, and that counters
// are looked at by their rate.
func TestDashboard(t *testing.T) {
	data, err := os.ReadFile("../../deploy/grafana/glacis.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	texts := scrape(t)
	all := families(texts)
	variables := []string{"__rate_interval", "__range"}
	for _, v := range d.Templating.List {
		variables = append(variables, v.Name)
	}
	ids, used := map[int]bool{}, map[string]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.GridPos.W == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s: id or place", p.Title)
		}
		ids[p.ID] = true
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("%s: nothing to show", p.Title)
		}
		for _, target := range p.Targets {
			for _, problem := range checkQuery(target.Expr, target.LegendFormat, all, texts, variables) {
				t.Errorf("%s: %s: %s", p.Title, target.Expr, problem)
			}
			for _, name := range queryName.FindAllString(target.Expr, -1) {
				if f := metricOf(all, name); f != nil {
					used[f.name] = true
				}
			}
		}
	}
	if d.UID == "" || d.Title == "" || len(used) < 30 {
		t.Errorf("%q %q shows %d metrics", d.UID, d.Title, len(used))
	}
}

// checkQuery returns what is wrong with a query.
func checkQuery(expr, legend string, all map[string]*family, texts map[string]string, variables []string) (problems []string) {
	known := slices.Clone(scraped)
	for _, name := range queryName.FindAllString(expr, -1) {
		f := metricOf(all, name)
		switch {
		case f != nil:
			known = append(known, f.labels...)
			rated := strings.Contains(expr, "rate("+name) || strings.Contains(expr, "increase("+name)
			if counts := f.kind != "gauge"; counts != rated {
				problems = append(problems, name+" is a "+f.kind)
			}
			if f.kind == "histogram" && name == f.name {
				problems = append(problems, name+" is a histogram: its series end in _bucket, _sum, _count")
			}
		case !strings.Contains(texts["proxy"], "\n"+name+" ") && !strings.Contains(texts["proxy"], "\n"+name+"{"):
			problems = append(problems, "no metric "+name)
		}
	}
	var labels []string
	for _, m := range querySelector.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, m[1])
	}
	for _, m := range queryBy.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, strings.Split(strings.ReplaceAll(m[1], " ", ""), ",")...)
	}
	for _, m := range queryLegend.FindAllStringSubmatch(legend, -1) {
		labels = append(labels, m[1])
	}
	for _, label := range labels {
		if !slices.Contains(known, label) {
			problems = append(problems, "no label "+label)
		}
	}
	for _, m := range queryVariable.FindAllStringSubmatch(expr, -1) {
		if !slices.Contains(variables, m[1]+m[2]) {
			problems = append(problems, "no variable $"+m[1]+m[2])
		}
	}
	if strings.Count(expr, "(") != strings.Count(expr, ")") || strings.Count(expr, "{") != strings.Count(expr, "}") {
		problems = append(problems, "parentheses")
	}
	return problems
}

// TestCheckQuery checks that the check can fail.
func TestCheckQuery(t *testing.T) {
	all := families(scrape(t))
	for expr, want := range map[string]string{
		`sum(rate(glacis_requests_total{job="x"}[5m]))`:    "",
		`sum(rate(glacis_request_total[5m]))`:              "no metric glacis_request_total",
		`sum by (famly) (rate(glacis_verdicts_total[5m]))`: "no label famly",
		`glacis_requests_total{endpont="x"}`:               "glacis_requests_total is a counter",
		`rate(glacis_events_waiting[5m])`:                  "glacis_events_waiting is a gauge",
		`rate(glacis_inspection_seconds[5m])`:              "its series end in",
		`rate(glacis_requests_total{job="$jobs"}[5m])`:     "no variable $jobs",
		`sum(go_goroutine)`:                                "no metric go_goroutine",
		`sum(go_goroutines`:                                "parentheses",
	} {
		got := strings.Join(checkQuery(expr, "", all, scrape(t), []string{"job"}), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}

// TestAlertsInTheDocs checks the queries of docs/metrics.md likewise.
func TestAlertsInTheDocs(t *testing.T) {
	text, err := os.ReadFile(metricsFile)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(text), metricsMark)
	all, found := families(scrape(t)), 0
	for _, code := range regexp.MustCompile("`[^`]*(?:rate\\(|_error)[^`]*`").FindAllString(before, -1) {
		found++
		if problems := checkQuery(strings.Trim(code, "`"), "", all, scrape(t), nil); len(problems) > 0 {
			t.Errorf("%s: %v", code, problems)
		}
	}
	if found < 5 {
		t.Errorf("%d queries found", found)
	}
}
