package policy

import (
	"net/netip"
	"testing"
)

func TestCountries(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","defaults":{"protections":{"geo":{"mode":"detect","deny":["CN","XX"]}}},
"assets":[{"name":"home","hosts":["home.test"],"protections":{"geo":{"mode":"prevent","allow":["DE"]}}},
{"name":"free","hosts":["free.test"],"protections":{"geo":{"mode":"off"}}},{"name":"off","hosts":["off.test"],"mode":"off"}]}`)
	if at := p.NeedsCountries(); at != "defaults.protections.geo" {
		t.Error(at)
	}
	cases := []struct {
		host, source, want string
	}{
		{"a.test", "192.0.2.1", ""}, {"home.test", "192.0.2.1", ""}, {"home.test", "192.0.2.2:80", "geo CN prevent"}, {"a.test", "192.0.2.2", "geo CN detect"},
		{"home.test", "192.0.2.3", "geo XX prevent"}, {"a.test", "192.0.2.3", "geo XX detect"}, {"home.test", "10.0.0.1", ""}, {"home.test", "", ""}, {"home.test", "unix", ""},
		{"free.test", "192.0.2.2", ""}, {"off.test", "192.0.2.2", ""},
	}
	where := map[string]string{"192.0.2.1": "DE", "192.0.2.2": "CN", "192.0.2.3": "XX"}
	for round := 0; round < 2; round++ {
		r := p.NewRuling()
		for i := 0; i < len(cases); i++ {
			r.Reset()
			r.From(cases[i].source)
			r.Line("GET", "/")
			r.Header("Host", cases[i].host)
			r.Settle()
			got, want := objection(r), cases[i].want
			if round == 0 {
				want = "" // nobody knows countries yet
			}
			if got != want {
				t.Errorf("%d: %s from %s: %q, want %q", round, cases[i].host, cases[i].source, got, want)
			}
		}
		p.Locate(func(a netip.Addr) string { return where[a.String()] })
	}
}

// objection is the first violation as text.
func objection(r *Ruling) string {
	if len(r.violations) == 0 {
		return ""
	}
	v := r.violations[0]
	if v.Prevent {
		return v.Protection + " " + v.Detail + " prevent"
	}
	return v.Protection + " " + v.Detail + " detect"
}

func TestNeedsCountries(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","assets":[{"name":"a","hosts":["a.test"]},{"name":"b","hosts":["b.test"],"protections":{"geo":{"mode":"detect","deny":["XX"]}}}]}`)
	if at := p.NeedsCountries(); at != "assets[1].protections.geo" {
		t.Error(at)
	}
	if at := compile(t, `{"apiVersion":"glacis/v1"}`).NeedsCountries(); at != "" {
		t.Error(at)
	}
}
