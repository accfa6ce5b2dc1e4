package guest

import "testing"

func TestWithoutPort(t *testing.T) {
	for in, want := range map[string]string{"192.0.2.1:80": "192.0.2.1", "192.0.2.1": "192.0.2.1", "[2001:db8::1]:443": "2001:db8::1",
		"[2001:db8::1]": "2001:db8::1", "2001:db8::1": "2001:db8::1", "": "", "unix": "unix", ":": ""} {
		if got := withoutPort(in); got != want {
			t.Errorf("%q: %q instead of %q", in, got, want)
		}
	}
}
