package policy

import "testing"

func TestSpans(t *testing.T) {
	lists := []string{"192.0.2.0/24", "10.0.0.0/8", "10.1.0.0/16", "198.51.100.7", "2001:db8::/32", "::1", "0.0.0.0/32"}
	var in []span
	for i := 0; i < len(lists); i++ {
		s, err := parseSpan(lists[i])
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, s)
	}
	list := newSpans(in)
	cases := []struct {
		address string
		want    bool
	}{
		{"192.0.2.0", true}, {"192.0.2.255", true}, {"192.0.3.0", false}, {"192.0.1.255", false},
		{"10.255.255.255", true}, {"10.2.0.1:80", true}, {"11.0.0.0", false}, {"198.51.100.7", true},
		{"198.51.100.8", false}, {"2001:db8:ffff::1", true}, {"[2001:db8::1]:443", true}, {"[2001:db8::1]", true},
		{"2001:db9::", false}, {"::1", true}, {"::2", false}, {"::ffff:10.0.0.1", true}, {"0.0.0.0", true},
		{"fe80::1%eth0", false},
	}
	for i := 0; i < len(cases); i++ {
		a, ok := parseAddress(cases[i].address)
		if !ok {
			t.Fatalf("%s: not read", cases[i].address)
		}
		if got := list.contains(a); got != cases[i].want {
			t.Errorf("%s: %v", cases[i].address, got)
		}
	}
	bad := []string{"", "x", "10.0.0.0/33", "10.0.0.1/8", "1.2.3", "office"}
	for i := 0; i < len(bad); i++ {
		if _, err := parseSpan(bad[i]); err == nil {
			t.Errorf("%q: no error", bad[i])
		}
	}
	var none spans
	if a, _ := parseAddress("10.0.0.1"); none.contains(a) {
		t.Error("an empty list contains something")
	}
}

func TestSource(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","source":{"trustedProxies":["10.0.0.0/8","2001:db8::/32"]}}`)
	cases := []struct {
		peer string
		xff  []string
		want string
	}{
		{"192.0.2.1:99", []string{"1.1.1.1"}, "192.0.2.1"},
		{"10.0.0.1:99", nil, "10.0.0.1"},
		{"10.0.0.1:99", []string{"1.1.1.1"}, "1.1.1.1"},
		{"10.0.0.1:99", []string{"6.6.6.6, 1.1.1.1, 10.2.2.2"}, "1.1.1.1"},
		{"10.0.0.1:99", []string{"6.6.6.6", "1.1.1.1", "10.2.2.2"}, "1.1.1.1"},
		{"10.0.0.1:99", []string{"1.1.1.1, unknown"}, "10.0.0.1"},
		{"[2001:db8::5]:99", []string{"2001:db9::1"}, "2001:db9::1"},
		{"@", nil, "@"},
	}
	for i := 0; i < len(cases); i++ {
		if got := p.Source(cases[i].peer, cases[i].xff); got != cases[i].want {
			t.Errorf("%s %v: %s, want %s", cases[i].peer, cases[i].xff, got, cases[i].want)
		}
	}
}
