package proxy

import (
	"net/url"
	"testing"
)

func TestParseUpstream(t *testing.T) {
	for _, good := range []string{"http://shop:3000", "https://shop.test", "h2c://[::1]:50051", "http://shop/base/"} {
		if _, err := ParseUpstream(good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "shop:3000", "ftp://shop", "http://", "http://u:p@shop", "http://shop?q", "http://shop#f", "http://shop:\x00"} {
		if u, err := ParseUpstream(bad); err == nil {
			t.Errorf("%q became %v", bad, u)
		}
	}
}

func TestConfigErrors(t *testing.T) {
	good := Config{Upstream: &url.URL{Scheme: "http", Host: "x"}, Inspector: &wordInspector{}}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Config){
		"upstream":  func(c *Config) { c.Upstream = nil },
		"inspector": func(c *Config) { c.Inspector = nil },
		"mode":      func(c *Config) { c.Mode = "watch" },
		"fail":      func(c *Config) { c.Fail = "maybe" },
		"limit":     func(c *Config) { c.MaxBodyBytes = -1 },
		"header":    func(c *Config) { c.RequestIDHeader = "X Request" },
	} {
		c := good
		spoil(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
