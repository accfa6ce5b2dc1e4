package models

import (
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func TestRequireEngine(t *testing.T) {
	for _, c := range []struct {
		minimum, have string
		ok            bool
	}{
		{"0.1.0", "0.1.0", true}, {"0.1.0", "0.1.1", true}, {"0.9.9", "1.0.0", true}, {"1.2.3", "1.10.0", true},
		{"0.1.1", "0.1.0", false}, {"1.0.0", "0.9.9", false}, {"1.10.0", "1.9.9", false},
		{"", "0.1.0", false}, {"1", "1.0.0", false}, {"1.0", "1.0.0", false}, {"1.0.0.0", "1.0.0", false},
		{"01.0.0", "1.0.0", false}, {"-1.0.0", "1.0.0", false}, {"+1.0.0", "1.0.0", false},
		{"0.1.0-rc1", "1.0.0", false}, {"0.1.99999999999", "1.0.0", false}, {"0.1.0", "devel", false},
	} {
		if err := requireEngine(c.minimum, c.have); (err == nil) != c.ok {
			t.Errorf("%q with engine %q: %v", c.minimum, c.have, err)
		}
	}
	if _, err := parseVersion(core.Version); err != nil {
		t.Error(err)
	}
}

func TestCompareVersions(t *testing.T) {
	ascending := []string{"", "0.9.9", "0.10.0", "1.0.0", "1.0.10"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got, want := CompareVersions(a, b), min(1, max(-1, i-j)); got != want {
				t.Errorf("%q, %q: %d, want %d", a, b, got, want)
			}
		}
	}
	if CompareVersions("x", "1.0") != 0 {
		t.Error("two that are no versions differ")
	}
}
