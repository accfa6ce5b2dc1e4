package gateway

import (
	"testing"
	"time"
)

// TestInlinePolicy checks that the same policy inline in a gateway's
// configuration, as JSON or as a tree, is the same policy, and that mistakes
// are named.
func TestInlinePolicy(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	_, more, err := ParseSettings([]byte(`{"mode":"detect","policy":{"apiVersion":"glacis/v1","name":"p","assets":[{"name":"a","hosts":["a.test"],"limits":{"depth":5}}]}}`), "policy")
	if err != nil {
		t.Fatal(err)
	}
	text, err := ParsePolicy(more["policy"], now)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := PolicyOf(map[string]any{"apiVersion": "glacis/v1", "name": "p",
		"assets": []any{map[string]any{"name": "a", "hosts": []any{"a.test"}, "limits": map[string]any{"depth": 5}}}}, now)
	if err != nil {
		t.Fatal(err)
	}
	if text.Version() != tree.Version() {
		t.Errorf("%s, %s", text.Version(), tree.Version())
	}
	texts, err := PolicyOf(map[string]any{"apiVersion": "glacis/v1", "name": "p",
		"assets": []any{map[string]any{"name": "a", "hosts": []any{"a.test"}, "limits": map[string]any{"depth": "5"}}}}, now)
	if err != nil || texts.Version() != text.Version() {
		t.Errorf("numbers as strings: %v", err)
	}
	if _, err := PolicyOf(map[string]any{"apiVersion": "glacis/v1", "defaults": map[string]any{"limits": map[string]any{"depth": "5x"}}}, now); err == nil ||
		err.Error() != "policy.defaults.limits.depth: want a whole number" {
		t.Errorf("no number: %v", err)
	}
	if _, err := ParsePolicy(`{"apiVersion":"glacis/v1","defaults":{"limits":{"depth":"5"}}}`, now); err == nil {
		t.Error("a string was taken for a number in JSON")
	}
	texts, err = ParsePolicyTexts(`{"apiVersion":"glacis/v1","name":"p","assets":[{"name":"a","hosts":["a.test"],"limits":{"depth":"5"}}]}`, now)
	if err != nil || texts.Version() != text.Version() {
		t.Errorf("numbers as strings in JSON: %v", err)
	}
	if p, err := ParsePolicyTexts("", now); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
	if _, err := ParsePolicyTexts("[1", now); err == nil || err.Error() != "policy: JSON: byte 2: want , or ]" {
		t.Errorf("broken JSON: %v", err)
	}
	if p, err := ParsePolicy("", now); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
	if p, err := PolicyOf(nil, now); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
	cases := [][2]string{
		{`{"apiVersion":"glacis/v1","asets":[]}`, `policy.asets: unknown key, did you mean "assets"?`},
		{`{"apiVersion":"glacis/v1","defaults":{"mode":"prevnt"}}`, `policy.defaults.mode: unknown word "prevnt", did you mean "prevent"?`},
		{`[1`, "policy: JSON: byte 2: want , or ]"},
	}
	for i := 0; i < len(cases); i++ {
		if _, err := ParsePolicy(cases[i][0], now); err == nil || err.Error() != cases[i][1] {
			t.Errorf("%s: %v, want %s", cases[i][0], err, cases[i][1])
		}
	}
}
