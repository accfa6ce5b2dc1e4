package gateway

import (
	"testing"
	"time"
)

func TestTerms(t *testing.T) {
	p, err := ParsePolicy(`{"apiVersion":"glacis/v1","defaults":{"response":"own"},"responses":[{"name":"own","status":451,"json":"{\"id\":\"{id}\"}"}],
"assets":[{"name":"shop","hosts":["*"]}],"source":{"trustedProxies":["10.0.0.0/8"],"header":"X-Real"},"logging":{"level":"blocked"}}`, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	terms := NewTerms(p)
	if terms.Header() != "X-Real" || terms.Log(LogAll) != LogBlocked {
		t.Errorf("header %s, log %s", terms.Header(), terms.Log(LogAll))
	}
	cases := [][3]string{{"203.0.113.9:80", "192.0.2.1", "203.0.113.9"}, {"10.0.0.1:80", "192.0.2.1", "192.0.2.1"},
		{"10.0.0.1", "198.51.100.1, 192.0.2.1, 10.9.9.9", "192.0.2.1"}, {"", "192.0.2.1", ""}}
	for i := 0; i < len(cases); i++ {
		if got := terms.Client(cases[i][0], []string{cases[i][1]}); got != cases[i][2] {
			t.Errorf("%s behind %s: %s, want %s", cases[i][1], cases[i][0], got, cases[i][2])
		}
	}
	if r := terms.Refuse(ActionBlock, "shop", "", "id-1"); r.Status != 451 || r.Body != `{"id":"id-1"}` {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := terms.Refuse(ActionFailClosed, "shop", "", "id-1"); r.Status != 503 {
		t.Errorf("failed closed: %d", r.Status)
	}
}

func TestNoTerms(t *testing.T) {
	terms := NewTerms(nil)
	if terms != nil || terms.Header() != "" || terms.Client("192.0.2.1:8", []string{"203.0.113.1"}) != "192.0.2.1:8" || terms.Log(LogAll) != LogAll ||
		terms.Refuse(ActionBlock, "", "", "id-1").Status != 403 {
		t.Error("terms without a policy")
	}
}
