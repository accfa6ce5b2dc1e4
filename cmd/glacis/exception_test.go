package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// TestFromEvent makes an event of a real verdict, writes its exception into a
// policy and sends the request again: it passes, and one that differs in
// anything the exception names does not.
func TestFromEvent(t *testing.T) {
	engine, err := policyEngine("", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	const path = "/search/*/1234"
	request := func(method, path, name string) *core.Request {
		return &core.Request{Method: method, URI: path + "?" + name + "=MScgdW5pb24gc2VsZWN0IHBhc3N3b3JkIGZyb20gdXNlcnMtLQ==", Headers: []core.Header{{Name: "Host", Value: "shop.example"}}}
	}
	v := engine.Inspect(request("GET", path, "q"))
	e := gateway.Event{Time: "2026-11-22T10:00:00Z", ID: "0123456789", Method: "GET", Host: "shop.example", Path: path, Action: gateway.ActionBlock, Verdict: v}
	lines := "{\"level\":\"info\"}\n" + string(e.Append(nil)) + "\nnot JSON\n"
	status, stdout, stderr := call(lines, "exception", "from-event", "-", "--days", "0")
	if status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	for _, want := range []string{"id: event-0123456789", "families: [sqli]", "'query.q#base64'", `'/search/\*/1234'`, "methods: [GET]"} {
		if !strings.Contains(stdout, want) && !strings.Contains(stdout, strings.ReplaceAll(want, "'", "")) {
			t.Errorf("no %q in:\n%s", want, stdout)
		}
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, file, "apiVersion: glacis/v1\n"+stdout)
	engine, err = policyEngine(file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if v := engine.Inspect(request("GET", path, "q")); v.Action != core.Pass {
		t.Errorf("still blocked for %s: %+v", v.Location, v.Exceptions)
	}
	for _, r := range []*core.Request{request("PUT", path, "q"), request("GET", path, "p"), request("GET", "/search/x/1234", "q")} {
		if v := engine.Inspect(r); v.Action != core.Block {
			t.Errorf("%s %s passes", r.Method, r.URI)
		}
	}
	if _, stdout, _ = call(lines, "exception", "from-event", "0123456789", "--template"); !strings.Contains(stdout, `/search/\*/*`) || !strings.Contains(stdout, "expires: ") {
		t.Errorf("template:\n%s", stdout)
	}
}

// TestFromEventOfSeveralFindings: the exceptions let the request pass of whose
// event they are, and each is needed.
func TestFromEventOfSeveralFindings(t *testing.T) {
	engine, err := policyEngine("", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	const attack = "=1%27%20union%20select%20password%20from%20users--"
	request := &core.Request{Method: "GET", URI: "/search?a" + attack + "&b" + attack, Headers: []core.Header{{Name: "Host", Value: "shop.example"}}}
	v := engine.Inspect(request)
	e := gateway.Event{Time: "2026-11-22T10:00:00Z", ID: "0123456789", Method: "GET", Host: "shop.example", Path: "/search", Action: gateway.ActionBlock, Verdict: v}
	status, stdout, stderr := call(string(e.Append(nil)), "exception", "from-event", "-")
	if status != exitOK || strings.Count(stdout, "- id: ") != 2 {
		t.Fatalf("status %d: %s%s", status, stdout, stderr)
	}
	for name, want := range map[string]core.Action{stdout: core.Pass, stdout[:strings.LastIndex(stdout, "- id: ")]: core.Block} {
		file := filepath.Join(t.TempDir(), "policy.yaml")
		put(t, file, "apiVersion: glacis/v1\n"+name)
		if engine, err = policyEngine(file, nil, 0); err != nil {
			t.Fatal(err)
		}
		if v := engine.Inspect(request); v.Action != want {
			t.Errorf("%s under\n%s", v.Action.Name(), name)
		}
	}
}

func TestFromEventErrors(t *testing.T) {
	for _, c := range []struct{ id, lines, want string }{
		{"-", "", "no event of a request"},
		{"abc", `{"event.action":"block","event.id":"abcd"}`, `no event "abc"`},
		{"-", `{"event.action":"block","event.id":"a","glacis.reason":"methods","glacis.violations":["methods TRACE"]}`, "methods TRACE"},
		{"-", `{"event.action":"block","event.id":"a","glacis.reason":"exception"}`, "action block"},
		{"a", `{"event.action":"fail_closed","event.id":"a"}`, "has no finding"},
	} {
		if status, _, stderr := call(c.lines, "exception", "from-event", c.id); status != exitUsage || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d: %s", c.lines, status, stderr)
		}
	}
}
