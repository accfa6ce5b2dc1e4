package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// TestDiffEvents: what diff finds in the events of requests is what becomes of
// the requests themselves, and it says what it cannot know.
func TestDiffEvents(t *testing.T) {
	dir := t.TempDir()
	older, newer := filepath.Join(dir, "old.yaml"), filepath.Join(dir, "new.yaml")
	put(t, older, "apiVersion: glacis/v1\nassets: [{name: shop, hosts: [shop.test]}, {name: api, hosts: [api.test], mode: detect}]\n"+
		"exceptions:\n- {id: lesson, locations: [query.answer], families: [sqli], reason: x}\n- {id: team, locations: [query.t], headers: [{name: X-Team}], reason: x}\n")
	put(t, newer, "apiVersion: glacis/v1\nassets: [{name: shop, hosts: [shop.test], protections: {methods: {mode: prevent, allow: [GET]}}}, {name: api, hosts: [api.test]}]\n"+
		"exceptions:\n- {id: editor, assets: [shop], paths: [/cms], locations: [query.html], reason: x}\nrateLimits: [{name: all, requests: 5}]\n")
	engine, err := policyEngine(older, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	next, err := policyEngine(newer, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	const attack = "=1%27%20union%20select%20password%20from%20users--"
	settings := gateway.Settings{}.WithDefaults()
	lines, changed := "", 0
	for i, c := range [][3]string{{"GET", "shop.test", "/cms?html" + attack}, {"GET", "shop.test", "/cms?html" + attack + "&q" + attack}, {"GET", "api.test", "/?q" + attack},
		{"GET", "shop.test", "/?q" + attack}, {"PUT", "shop.test", "/?q=lamp"}, {"GET", "shop.test", "/?q=lamp"}, {"PUT", "api.test", "/"}} {
		request := &core.Request{Method: c[0], URI: c[2], Headers: []core.Header{{Name: "Host", Value: c[1]}}}
		v, w := engine.Inspect(request), next.Inspect(request)
		action := gateway.Decide(&settings, &v, "")
		path, _, _ := strings.Cut(c[2], "?")
		e := gateway.Event{ID: "event-0" + string(rune('0'+i)), Method: c[0], Host: c[1], Path: path, Source: "192.0.2.1", Action: action, Verdict: v}
		lines += string(e.Append(nil)) + "\n"
		if action != gateway.Decide(&settings, &w, "") {
			changed++
		}
	}
	skipped := &core.Request{Method: "GET", URI: "/?answer" + attack, Headers: []core.Header{{Name: "Host", Value: "shop.test"}}}
	v := engine.Inspect(skipped)
	e := gateway.Event{ID: "event-skipped", Method: "GET", Host: "shop.test", Path: "/", Action: gateway.ActionPass, Verdict: v}
	lines += string(e.Append(nil)) + "\nsomething else\n" + `{"event.version":1,"event.action":"fail_open","glacis.fault":"panic"}` + "\n"
	status, stdout, stderr := call(lines, "policy", "diff", "--old", older, "--new", newer, "--events")
	if status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if changed != 3 || strings.Count(stdout, " → ") != changed {
		t.Errorf("%d changes, want:\n%s", changed, stdout)
	}
	for _, want := range []string{"block → pass  GET /cms  (event-00)", "detect → block  GET /  (event-02)", "pass → block  PUT /  (event-04)", "8 events, 2 treated more strictly, 1 less",
		"requests without an event", "1 events of requests that were not decided", "1 events with evidence that an exception left out", "exception team asks for headers", "rateLimits needs more than events have"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in:\n%s", want, stdout)
		}
	}
	if status, stdout, _ = call(lines, "policy", "diff", "--new", newer, "--events", "--json"); status != exitOK || !strings.Contains(stdout, `"reason":"methods"`) {
		t.Errorf("%d %s", status, stdout)
	}
}

func TestDiffEventsErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, file, "apiVersion: glacis/v1\n")
	for want, args := range map[string][]string{
		"two models need the requests": {"--old-model", "x.tgz"},
		"both sides are the same":      {"--old", file, "--new", file},
		"is none of medium":            {"--old", file, "--confidence", "sure"},
		"no such file":                 {"--old", file, "/nowhere/events.jsonl"},
		"read policy: ":                {"--old", "/nowhere/policy.yaml"},
	} {
		if status, _, stderr := call("", append([]string{"policy", "diff", "--events"}, args...)...); status != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%v: status %d, %s", args, status, stderr)
		}
	}
}
