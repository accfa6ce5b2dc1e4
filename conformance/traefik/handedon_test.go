package traefik

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glacis-waf/glacis/core"
)

func TestHandedOn(t *testing.T) {
	sent := []core.Header{{Name: "Accept-Encoding", Value: " "}, {Name: "X-A", Value: "1;2"}}
	got := target{}.HandedOn(core.Request{URI: "/a;b?x=1;y=2", Headers: sent})
	want := core.Request{URI: "/a;b?x=1&y=2", Headers: append(sent, core.Header{Name: "Accept-Encoding", Value: "gzip"})}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	same := core.Request{URI: "/a;b", Headers: []core.Header{{Name: "Accept-Encoding", Value: "br"}}}
	if d := cmp.Diff(same, target{}.HandedOn(same)); d != "" {
		t.Error(d)
	}
}
