package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	conf = "database = off\nproxy_listen = 127.0.0.1:1\nplugins = bundled, glacis # both\npluginserver_names = glacis\n" +
		"pluginserver_glacis_socket = /s\npluginserver_glacis_start_cmd = /bin/glacis -x\ndeclarative_config = DIR/kong.yml\n"
	declared = "services: [{url: 'http://127.0.0.1:2'}]\nplugins: [{name: glacis, config: {mode: detect}}]\n"
)

func write(t *testing.T, conf, declared string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"kong.conf": strings.ReplaceAll(conf, "DIR", dir), "kong.yml": declared} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "kong.conf")
}

func TestReadSetup(t *testing.T) {
	s, err := readSetup(write(t, conf, declared))
	if err != nil || s.Name != "glacis" || s.Socket != "/s" || s.start != "/bin/glacis -x" || s.listen != "127.0.0.1:1" ||
		s.Backend != "127.0.0.1:2" || s.Config != `{"mode":"detect"}` {
		t.Errorf("%+v, %v", s, err)
	}
	for _, c := range []struct{ from, to, reason string }{
		{"bundled, glacis", "bundled", "plugins does not name"},
		{"= off", "= postgres", "database"},
		{"proxy_listen", "proxy_listens", "are required"},
		{"DIR", "DIR/x", "declarative_config"},
		{"database = off", "database off", "line 1"},
		{"url: 'http", "url: 'https", "want http"},
		{"name: glacis", "name: other", "want one service"},
		{"services: [", "services: {", "kong.yml"},
	} {
		if _, err := readSetup(write(t, strings.Replace(conf, c.from, c.to, 1), strings.Replace(declared, c.from, c.to, 1))); err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s for %s: %v, want %q", c.to, c.from, err, c.reason)
		}
	}
}
