package kong

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/gateway"
)

// TestParseSettings: testdata/settings.jsonl has a configuration a line, with
// the error it must cause or what it must set.
func TestParseSettings(t *testing.T) {
	data, err := os.ReadFile("testdata/settings.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		var c struct {
			Config json.RawMessage
			Raw    string
			Err    string
			Fail   string
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		config := string(c.Config)
		if c.Raw != "" {
			config = c.Raw
		}
		s, err := ParseSettings([]byte(config))
		if (err == nil) != (c.Err == "") || err != nil && !strings.Contains(err.Error(), c.Err) {
			t.Errorf("%s: error %v, want %q", config, err, c.Err)
		}
		if s.FailMode != c.Fail {
			t.Errorf("%s: fail mode %q, want %q", config, s.FailMode, c.Fail)
		}
		if err := s.Settings.Check(); err != nil {
			t.Errorf("%s: the settings that come with an error make no sense: %v", config, err)
		}
	}
}

// TestDefaultsAreThoseOfAllGateways keeps the table from drifting away.
func TestDefaultsAreThoseOfAllGateways(t *testing.T) {
	s, err := ParseSettings([]byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if want := (gateway.Settings{}).WithDefaults(); s.Settings != want {
		t.Errorf("defaults %+v, want %+v", s.Settings, want)
	}
}
