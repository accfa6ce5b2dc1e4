package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPolicyLint(t *testing.T) {
	status, stdout, stderr := call("", "policy", "lint", "testdata/policy/shop.yaml")
	if status != exitOK || !strings.Contains(stdout, ": valid, 2 assets, 2 exceptions, 1 warnings\n") ||
		!strings.Contains(stdout, "warning: testdata/policy/shop.yaml:22:12: learning.maxDiscount: enforced by glacis proxy, glacis sidecar, the Kong plugin server and the Envoy plugin only\n") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	if status, _, stderr = call("", "policy", "lint", "--strict", "testdata/policy/shop.yaml"); status != exitUsage || !strings.Contains(stderr, "1 warnings") {
		t.Errorf("status %d: %s", status, stderr)
	}
	status, _, stderr = call("", "policy", "lint", "testdata/policy/bad.yaml")
	if want := "testdata/policy/bad.yaml:4:5: assets[0].host: unknown key, did you mean \"hosts\"?\n"; status != exitUsage || !strings.HasSuffix(stderr, want) {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestPolicyTest(t *testing.T) {
	status, stdout, stderr := call("", "policy", "test", "testdata/policy/shop.yaml")
	if status != exitOK || stdout != "6 cases passed\n" {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	dir := t.TempDir()
	copyTo(t, "testdata/policy/shop.yaml", filepath.Join(dir, "shop.yaml"))
	if status, _, stderr = call("", "policy", "test", filepath.Join(dir, "shop.yaml")); status != exitUsage || !strings.Contains(stderr, "no test cases") {
		t.Errorf("status %d: %s", status, stderr)
	}
	put(t, filepath.Join(dir, "x.test.yaml"), "tests:\n  - name: wrong\n    request: {uri: \"/?q=1' union select password from users--\", headers: {Host: shop.example}}\n    expect: {action: pass, asset: api, exceptions: {editor: applied}}\n")
	status, stdout, stderr = call("", "policy", "test", dir)
	for _, want := range []string{"x.test.yaml:2: wrong\n", `action is "block", want "pass"`, `asset is "shop", want "api"`, `exception "editor" is "", want "applied"`, "sqli in query.q"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in %s", want, stdout)
		}
	}
	if status != exitUsage || !strings.Contains(stderr, "1 of 1 cases failed") {
		t.Errorf("status %d: %s", status, stderr)
	}
	put(t, filepath.Join(dir, "x.test.yaml"), "tests:\n  - name: typo\n    request: {url: /}\n")
	if status, _, stderr = call("", "policy", "test", dir); status != exitUsage || !strings.Contains(stderr, "line 3: field url not found") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestPolicyDiff(t *testing.T) {
	const traffic = "curl 'http://shop.example/?q=shoes'\n" +
		"curl 'http://shop.example/?q=1%27%20union%20select%20password%20from%20users--'\n" +
		"curl 'http://api.example/?q=1%27%20union%20select%20password%20from%20users--'\n" +
		"curl 'http://shop.example/cms/articles/7' -d 'html=%3Cscript%3Ealert(1)%3C/script%3E'\n"
	status, stdout, stderr := call(traffic, "policy", "diff", "--new", "testdata/policy/shop.yaml")
	for _, want := range []string{"block → detect  GET /  (stdin:3)", "block → pass  POST /cms/articles/7  (stdin:4)",
		"exception editor applied", "4 requests, 0 treated more strictly, 2 less\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in %s", want, stdout)
		}
	}
	if status != exitOK {
		t.Errorf("status %d: %s", status, stderr)
	}
	_, stdout, _ = call(traffic, "policy", "diff", "--old", "testdata/policy/shop.yaml", "--json")
	var c change
	if err := json.NewDecoder(strings.NewReader(stdout)).Decode(&c); err != nil || c.Old.Action != "detect" || c.New.Action != "block" || c.Old.Asset != "api" {
		t.Errorf("%v: %s", err, stdout)
	}
	if status, _, stderr = call("", "policy", "diff"); status != exitUsage || !strings.Contains(stderr, "both sides are the same") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestPolicyApply(t *testing.T) {
	to := filepath.Join(t.TempDir(), "policy.yaml")
	put(t, to, "apiVersion: glacis/v1\n")
	if status, _, stderr := call("", "policy", "apply", "testdata/policy/bad.yaml", "--to", to); status != exitUsage || !strings.Contains(stderr, "nothing was changed") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if got := contents(t, to); got != "apiVersion: glacis/v1\n" {
		t.Errorf("changed: %s", got)
	}
	status, stdout, stderr := call("", "policy", "apply", "--test", "testdata/policy/shop.yaml", "--to", to)
	if status != exitOK || !strings.Contains(stdout, "applied to "+to) || contents(t, to) != contents(t, "testdata/policy/shop.yaml") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(to), ".*")); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

func TestPolicyConvertCompileSchema(t *testing.T) {
	const foreign = "apiVersion: v1beta2\npolicies: {default: {mode: prevent-learn, threatPreventionPractices: [], autoUpgrade: true}}\n"
	status, stdout, stderr := call(foreign, "policy", "convert", "-")
	if status != exitOK || stdout != "apiVersion: glacis/v1\nname: open-appsec\ndefaults:\n  mode: prevent\n  learning: on\n" || !strings.Contains(stderr, "autoUpgrade: not supported, because") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	status, stdout, stderr = call("", "policy", "compile", "testdata/policy/shop.yaml")
	file := filepath.Join(t.TempDir(), "policy.json")
	put(t, file, stdout)
	_, fromJSON, _ := call("", "policy", "lint", file)
	_, fromYAML, _ := call("", "policy", "lint", "testdata/policy/shop.yaml")
	last := func(s string) string { return s[strings.LastIndex(strings.TrimSpace(s), "\n")+1:] }
	if status != exitOK || strings.Count(stdout, "\n") != 1 || last(fromJSON) != last(fromYAML) {
		t.Errorf("status %d: %s%s: %s%s", status, stdout, stderr, fromJSON, fromYAML)
	}
	status, stdout, _ = call("", "policy", "schema")
	var schema map[string]any
	if err := json.Unmarshal([]byte(stdout), &schema); status != exitOK || err != nil || schema["title"] != "Glacis policy" {
		t.Errorf("status %d: %v", status, err)
	}
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	put(t, to, contents(t, from))
}
