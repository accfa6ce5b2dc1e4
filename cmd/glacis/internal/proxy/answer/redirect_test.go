package answer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// cases reads a table of testdata.
func cases[T any](t *testing.T, name string) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestHost runs testdata/locations.json: what a Location is for a browser.
func TestHost(t *testing.T) {
	for _, c := range cases[[2]string](t, "locations.json") {
		if got := Host(c[0]); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}

// TestAsked runs testdata/asked.json: whether a request named a host.
func TestAsked(t *testing.T) {
	type asked struct {
		Host, Sent string
		Want       bool
	}
	for _, c := range cases[asked](t, "asked.json") {
		if got := Asked(c.Host, "/first", c.Sent); got != c.Want {
			t.Errorf("%s in %q: %v", c.Host, c.Sent, got)
		}
	}
}

// TestAskedIsLinear: a target full of near misses and escapes costs no more than
// its length; the test would hang otherwise.
func TestAskedIsLinear(t *testing.T) {
	if Asked("aaaaaaaaaaaaaaaaaaaa.test", strings.Repeat("a", 1<<20), strings.Repeat("%25", 1<<18)) {
		t.Error("found what is not there")
	}
}

func FuzzHost(f *testing.F) {
	for _, s := range []string{"https://a.test", `\/a`, "//%2f@", "x:", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host := Host(s)
		if strings.ContainsAny(host, "ABCXYZ") {
			t.Errorf("%q: %q is not in lower case", s, host)
		}
		if host != "" && !strings.Contains(host, "%") && Host("https://"+host+"/") != host && !strings.ContainsAny(host, "/\\?#@ \t\r\n") && host[0] > ' ' {
			t.Errorf("%q: %q is no host", s, host)
		}
	})
}
