package decode

import "testing"

func TestAuthorization(t *testing.T) {
	var cases [][]string
	loadJSON(t, "authorization.json", &cases)
	for i := range cases {
		k := cases[i]
		scheme, cred := Authorization([]byte(k[0]))
		if string(scheme) != k[1] || string(cred) != k[2] {
			t.Errorf("%q: got %q and %q", k[0], scheme, cred)
		}
	}
}

func TestBasicPair(t *testing.T) {
	u, p, ok := BasicPair([]byte("admin:a:b"))
	if !ok || string(u) != "admin" || string(p) != "a:b" {
		t.Errorf("got %q %q", u, p)
	}
	if u, _, ok = BasicPair([]byte("admin")); ok || string(u) != "admin" {
		t.Errorf("no colon: %q", u)
	}
}

func TestAuthParams(t *testing.T) {
	runWholeCases(t, "auth.json", &AuthParams{}, nil)
}
