package events

import (
	"os"
	"strings"
	"testing"
)

// testdata/addresses.txt has an address and what is wrong with it, separated by
// " -> "; "ok" is fine.
func TestAddresses(t *testing.T) {
	data, err := os.ReadFile("testdata/addresses.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	put(t, "short", "too short")
	for line := range strings.Lines(string(data)) {
		address, want, ok := strings.Cut(strings.TrimSpace(line), " -> ")
		if !ok {
			t.Fatalf("line %q", line)
		}
		s, kind, err := OpenSink(address, Environment{})
		switch {
		case err == nil && want == "ok":
			if kind == "" {
				t.Errorf("%s has no kind", address)
			}
			_ = s.Close()
		case err == nil:
			t.Errorf("%s: no error, want %q", address, want)
		case want == "ok" || !strings.Contains(err.Error(), want):
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

func TestOpenIsAllOrNothing(t *testing.T) {
	if _, err := Open([]string{"stdout:", "nonsense:"}, Environment{}, quiet()); err == nil {
		t.Error("no error")
	}
	if _, err := Open(make([]string, maxSinks+1), Environment{}, quiet()); err == nil || !strings.Contains(err.Error(), "at most 8") {
		t.Error(err)
	}
}

// FuzzOpen states: no address panics, and a sink comes without an error only.
func FuzzOpen(f *testing.F) {
	f.Add("syslog+tls://h#facility=local0")
	f.Add("webhook+https://h/?a#batch=3")
	f.Fuzz(func(t *testing.T, address string) {
		if strings.HasPrefix(address, "file:") || strings.Contains(address, "file=") || strings.Contains(address, "ca=") {
			t.Skip("touches files")
		}
		if s, _, err := OpenSink(address, Environment{}); (s == nil) == (err == nil) {
			t.Errorf("%v, %v", s, err)
		}
	})
}
