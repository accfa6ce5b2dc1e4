package traffic

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/deploy/demo/shop"
)

// site is an unprotected shop with its internal service.
func site(t *testing.T) (base, internal string) {
	t.Helper()
	s, err := shop.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	front, back := httptest.NewServer(s), httptest.NewServer(shop.Internal())
	t.Cleanup(front.Close)
	t.Cleanup(back.Close)
	return front.Listener.Addr().String(), back.Listener.Addr().String()
}

func send(t *testing.T, r Request, base, internal string) (int, string) {
	t.Helper()
	req, err := r.Build(base, internal)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", r.Name, err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(body)
}

// Every attack that claims to succeed does, against the real shop: otherwise a
// firewall that blocks it protects nothing.
func TestAttacksReallyWork(t *testing.T) {
	attacks, err := Attacks()
	if err != nil {
		t.Fatal(err)
	}
	successes := map[string]int{}
	for _, a := range attacks {
		base, internal := site(t)
		if a.Leak == "" {
			continue
		}
		_, body := send(t, a, base, internal)
		if a.Then != "" {
			_, body = send(t, Request{Name: a.Name, Method: "GET", Target: a.Then}, base, internal)
		}
		if !strings.Contains(body, a.Leak) {
			t.Errorf("%s: no %q in %q", a.Name, a.Leak, body)
		}
		successes[a.Family]++
	}
	for _, family := range []string{"sqli", "xss", "traversal", "cmdi", "template", "ssrf"} {
		if successes[family] == 0 {
			t.Errorf("no %s succeeds", family)
		}
	}
	if len(attacks) < 60 {
		t.Errorf("only %d attacks", len(attacks))
	}
}

// Honest traffic contains none of what attackers are after, and the shop
// serves it.
func TestBenignTrafficIsHonest(t *testing.T) {
	benign, err := Benign()
	if err != nil {
		t.Fatal(err)
	}
	base, internal := site(t)
	for _, b := range benign {
		status, body := send(t, b, base, internal)
		if status >= 400 && status != http.StatusUnauthorized {
			t.Errorf("%s %s: status %d", b.Name, b.Target, status)
		}
		for _, secret := range []string{shop.CardNumber, shop.HiddenProduct, shop.FileSecret, shop.TemplateSecret, shop.InternalSecret} {
			if strings.Contains(body, secret) {
				t.Errorf("%s %s got %q", b.Name, b.Target, secret)
			}
		}
	}
	if len(benign) < 200 {
		t.Errorf("only %d requests", len(benign))
	}
}

func TestTargetsGoOutUnchanged(t *testing.T) {
	seen := make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.RequestURI }))
	defer s.Close()
	for _, target := range []string{"/a/%2e%2E?q='\"<>%zz", "/x?u=http://@INTERNAL@/"} {
		send(t, Request{Method: "GET", Target: target}, s.Listener.Addr().String(), "127.0.0.1:7")
		if got := <-seen; got != strings.ReplaceAll(target, "@INTERNAL@", "127.0.0.1:7") {
			t.Errorf("%q went out as %q", target, got)
		}
	}
}
