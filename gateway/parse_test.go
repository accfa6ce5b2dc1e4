package gateway

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

type parseCase struct {
	Name, JSON, Error string
	Extra             []string
	Want              map[string]string
}

func TestParseSettings(t *testing.T) {
	data, err := os.ReadFile("testdata/parse.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []parseCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(cases); i++ {
		c := cases[i]
		s, more, err := ParseSettings([]byte(c.JSON), c.Extra...)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.Error {
			t.Errorf("%s: error %q, want %q", c.Name, got, c.Error)
		}
		if err != nil {
			continue
		}
		fields := map[string]string{"mode": s.Mode, "confidence": s.Confidence, "failMode": s.FailMode,
			"requestIdHeader": s.RequestIDHeader, "log": s.Log, "maxBodyBytes": string(itoa(s.MaxBodyBytes))}
		for key, want := range c.Want {
			given, own := fields[key]
			if !own {
				given = more[key]
			}
			if given != want {
				t.Errorf("%s: %s is %q, want %q", c.Name, key, given, want)
			}
		}
	}
}

func itoa(n int64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestParseSettingsDepth(t *testing.T) {
	deep := `{"x":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + `}`
	if _, _, err := ParseSettings([]byte(deep), "x"); err == nil || !strings.Contains(err.Error(), "nested more than 64 deep") {
		t.Errorf("100,000 brackets: %v", err)
	}
}

func TestParseBool(t *testing.T) {
	for text, want := range map[string]bool{"true": true, "false": false, "": false} {
		if got, err := ParseBool(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	if _, err := ParseBool("yes"); err == nil {
		t.Error(`"yes" was accepted`)
	}
}
