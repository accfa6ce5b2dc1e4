package traefik

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// TestCheck: each wrong configuration is refused with a message that begins with
// the field's name.
func TestCheck(t *testing.T) {
	cases := []struct {
		config Config
		want   string
	}{
		{Config{}, ""},
		{Config{Mode: "sidecar", Sidecar: "unix:///run/s.sock"}, ""},
		{Config{Mode: "detect", Engine: "auto", Sidecar: "http://127.0.0.1:9191"}, ""},
		{Config{Mode: "prevnt"}, "mode: prevnt"},
		{Config{Mode: "embedded", Engine: "sidecar"}, "mode: embedded: contradicts"},
		{Config{Engine: "wasm"}, "engine: wasm"},
		{Config{Engine: "sidecar"}, "sidecar: engine sidecar needs"},
		{Config{Confidence: "none"}, "confidence: none"},
		{Config{FailMode: "shut"}, "failMode: shut"},
		{Config{MaxBodyBytes: -1}, "maxBodyBytes: "},
		{Config{Log: "loud"}, "log: loud"},
		{Config{Sidecar: "localhost"}, "sidecar: localhost"},
		{Config{Sidecar: "http://h:1/path"}, "sidecar: http://h:1/path"},
		{Config{Sidecar: "http://u:p@h:1"}, "sidecar: "},
		{Config{Sidecar: "unix://run/s.sock"}, "sidecar: unix"},
		{Config{SidecarTimeout: "0s"}, "sidecarTimeout: 0s"},
		{Config{Engine: "embedded", Sidecar: "http://h:1", SidecarPolicy: true, SidecarSample: 10}, ""},
		{Config{Engine: "auto", Sidecar: "http://h:1", SidecarPolicy: true}, ""},
		{Config{SidecarPolicy: true}, "sidecarPolicy: needs"},
		{Config{Engine: "sidecar", Sidecar: "http://h:1", SidecarPolicy: true}, "sidecarPolicy: needs"},
		{Config{Sidecar: "http://h:1", SidecarPolicy: true, PolicyFile: "/p"}, "sidecarPolicy: contradicts"},
		{Config{Sidecar: "http://h:1", SidecarSample: 10}, "sidecarSample: "},
		{Config{Engine: "embedded", SidecarSample: 10}, "sidecarSample: "},
		{Config{Engine: "embedded", Sidecar: "http://h:1", SidecarSample: -1}, "sidecarSample: "},
		{Config{Unknown: map[string]interface{}{"failmod": "open"}}, "failmod: no such option; did you mean failMode?"},
		{Config{Unknown: map[string]interface{}{"paranoia": "4"}}, "paranoia: no such option; there are mode, engine"},
	}
	for i := range cases {
		c := &cases[i]
		_, err := c.config.check()
		if c.want == "" && err != nil {
			t.Errorf("%+v: %v", c.config, err)
		}
		if c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%+v: %v, want %s", c.config, err, c.want)
		}
	}
}

func TestDefaults(t *testing.T) {
	o, err := CreateConfig().check()
	if err != nil {
		t.Fatal(err)
	}
	if o.engine != engineAuto || o.settings.Mode != "prevent" || o.embedded != embeddedBytes || o.settings.MaxBodyBytes != 8<<20 {
		t.Errorf("%+v", o)
	}
}

// TestShared: routers share what their options have in common, as long as one of
// them lives.
func TestShared(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	next := http.NotFoundHandler()
	first, err := New(ctx, next, &Config{Engine: "embedded"}, "a")
	if err != nil {
		t.Fatal(err)
	}
	second, err := New(context.Background(), next, &Config{Engine: "embedded", Mode: "detect"}, "b")
	if err != nil {
		t.Fatal(err)
	}
	other, err := New(context.Background(), next, &Config{Engine: "embedded", Confidence: "medium"}, "c")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	third, err := New(context.Background(), next, &Config{Engine: "embedded"}, "d")
	if err != nil {
		t.Fatal(err)
	}
	engine := first.(*plugin).shared.rules.engine
	if engine == nil || second.(*plugin).shared.rules.engine != engine || third.(*plugin).shared.rules.engine != engine {
		t.Error("equal options, different engines")
	}
	if other.(*plugin).shared.rules.engine == engine {
		t.Error("another confidence, the same engine")
	}
	if _, err := New(ctx, next, &Config{Mode: "x"}, "e"); err == nil || !strings.HasPrefix(err.Error(), "glacis middleware e: mode: x") {
		t.Error(err)
	}
}
