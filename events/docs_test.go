package events

import (
	"net/url"
	"os"
	"strings"
	"testing"
)

// Every sink and every option of it is described, and so is the example of a
// signature.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	_, table, _ := strings.Cut(doc, "## Sinks")
	for scheme, opener := range openers {
		row := ""
		for line := range strings.Lines(table) {
			if strings.HasPrefix(line, "| `") && strings.Contains(line, "`"+scheme+":") {
				row = line
			}
		}
		if row == "" {
			t.Errorf("%s is not described", scheme)
			continue
		}
		o, err := newOptions("")
		if err != nil {
			t.Fatal(err)
		}
		u := &url.URL{Scheme: scheme, Host: "h"}
		switch scheme {
		case "stdout":
			u.Host = ""
		case "file":
			u = &url.URL{Scheme: scheme, Path: t.TempDir() + "/x"}
		}
		sink, err := opener.open(u, o, Environment{})
		if err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		_ = sink.Close()
		for _, option := range o.asked {
			if !strings.Contains(row, "`"+option+"`") {
				t.Errorf("%s: %s is not described", scheme, option)
			}
		}
	}
	if !strings.Contains(doc, Sign([]byte("0123456789abcdef"), "1795341600", []byte("[]\n"))) {
		t.Error("the example of a signature is another one")
	}
}
