package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// hostile is markup, every quote, a template, a line end, text in reverse, a
// byte that is no text, and an address that is a script.
const hostile = "javascript:x<x-evil onmouseover=go()>'\"`{{.CSRF}}\n\u202e\u2028\xff</title></code></textarea>--><svg/onload=go()>"

var hidden = regexp.MustCompile(`<input type="hidden"[^>]*>`)

// harmless says what is wrong with a page that has hostile text in it.
func harmless(page string) error {
	if strings.Contains(page, "<x-evil") {
		return errors.New("the page has an element of the attacker's in it")
	}
	page = hidden.ReplaceAllString(page, "") // they are sent back as they came
	for _, bad := range []string{"<x-evil", "<svg", "</textarea>", "\u202e", "\u2028", "\xff", "href=\"javascript:", "<script", " style="} {
		if strings.Contains(page, bad) {
			return fmt.Errorf("the page has %q in it", bad)
		}
	}
	if loaded := regexp.MustCompile(`(?:src|href|action)="([^"]*)"`).FindAllStringSubmatch(page, -1); len(loaded) > 0 {
		for _, m := range loaded {
			if !strings.HasPrefix(m[1], Root) && m[1] != "#main" {
				return fmt.Errorf("the page leads to %q", m[1])
			}
		}
	}
	return nil
}

// TestHostileText has attackers, agents, registries and operators say hostile
// things everywhere where they can say something.
func TestHostileText(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	event := map[string]any{"event.version": 1, "event.action": hostile, "@timestamp": hostile, "glacis.score": hostile, "glacis.findings": 5, "event.id": "evil",
		"glacis.tokens": []any{map[string]any{"text": hostile, "weight": 1e300}, hostile, 5}, "glacis.adjustments": []any{map[string]any{"reason": hostile, "points": -5}},
		"glacis.limits": map[string]any{hostile: hostile}, "glacis.exceptions": map[string]any{hostile: hostile}, "glacis.violations": []any{hostile}}
	for _, name := range []string{"observer.name", "source.ip", "http.request.method", "url.domain", "url.path", "glacis.asset", "glacis.mode", "glacis.reason", "glacis.fault",
		"glacis.confidence", "glacis.family", "glacis.location", "glacis.window", "glacis.model", "glacis.policy", "glacis.profile", "message", "glacis.update"} {
		event[name] = hostile
	}
	post := func(target, kind string, body any) {
		t.Helper()
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("POST", target, strings.NewReader(string(data)))
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Authorization", "Bearer "+operatorToken)
		w := httptest.NewRecorder()
		if f.handler.ServeHTTP(w, req); w.Code >= 300 {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	post("/v1/events", "application/x-ndjson", event)
	event["glacis.reason"], event["event.id"], event["glacis.location"] = "score", hostile, hostile+"#"+hostile
	post("/v1/events", "application/x-ndjson", event)
	for !strings.Contains(f.page(Root+"events"), "id=javascript") {
	}
	text := hostile[:40]
	post("/v1/agents", "application/json", map[string]any{"id": "evil", "kind": text, "version": text, "mode": text, "model": text, "model_type": text, "policy": text, "host": text, "model_error": text, "policy_error": text})
	f.teach(5, lesson{"/" + hostile, "query." + hostile[:60], hostile, 3})
	f.status.Model.Name, f.status.Model.Update, f.status.Policy.Name, f.status.Host, f.status.Kind, f.status.Model.Error = hostile, hostile, hostile, hostile, hostile, hostile
	post("/v1/learning/decisions", "application/json", map[string]any{"asset": "shop", "location": hostile, "action": "dismiss", "who": hostile, "why": hostile})
	endpoint := html.UnescapeString(regexp.MustCompile(`/console/learning/endpoint\?[^"]*method[^"]*`).FindString(f.page(Root + "learning/asset?name=shop")))
	for _, target := range []string{Root, Root + "events", Root + "events?" + url.Values{"path": {hostile}, "asset": {hostile}, "action": {hostile}}.Encode(), Root + "event?id=evil",
		Root + "event?id=" + url.QueryEscape(strings.ToValidUTF8(hostile, "\ufffd")), Root + "learning", Root + "learning/asset?name=shop", endpoint,
		Root + "learning/endpoint?asset=" + url.QueryEscape(hostile), Root + "suggestions", Root + "audit"} {
		w := f.do("GET", target, nil)
		if err := harmless(w.Body.String()); err != nil || w.Code != http.StatusOK {
			t.Errorf("%s: %d: %v\n%s", target, w.Code, err, w.Body)
		}
	}
	wants(t, f.page(endpoint), "x-evil", `\x0a`)
	for _, form := range []url.Values{{"who": {hostile}, "token": {"x"}}, {"who": {hostile}, "token": {operatorToken}}} {
		if w := f.do("POST", Root+"login", form); harmless(w.Body.String()) != nil {
			t.Errorf("%s", w.Body)
		}
	}
}

// The templates leave escaping to html/template, and load nothing from
// elsewhere.
func TestTemplatesAreSafe(t *testing.T) {
	entries, err := files.ReadDir("templates")
	if err != nil || len(entries) < 10 {
		t.Fatal(len(entries), err)
	}
	for _, e := range entries {
		data, err := files.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, bad := range []string{"<script", "style=", " onclick", "javascript:", "http://", "https://", "src=\"//"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %s in it", e.Name(), bad)
			}
		}
		for _, form := range strings.Split(text, `method="post"`)[1:] {
			if body, _, _ := strings.Cut(form, "</form>"); !strings.Contains(body, `name="csrf"`) && e.Name() != "login.html" {
				t.Errorf("%s has a form without its secret: %s", e.Name(), body)
			}
		}
	}
	for name, f := range functions {
		switch f.(type) {
		case func(string) string, func(...any) string:
		default:
			if typ := fmt.Sprintf("%T", f); strings.Contains(typ, "template.") {
				t.Errorf("%s returns text that is not escaped: %s", name, typ)
			}
		}
	}
}
