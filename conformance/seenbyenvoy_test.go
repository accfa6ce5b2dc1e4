package conformance

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glacis-waf/glacis/core"
)

func TestSeenByEnvoy(t *testing.T) {
	r := core.Request{Headers: []core.Header{
		{Name: "User-Agent", Value: "a"}, {Name: "X", Value: "1"}, {Name: "user-agent", Value: "b"}, {Name: "X", Value: "2"},
		{Name: "Referer", Value: "<script>"}, {Name: "Host", Value: "h"},
	}}
	want := []core.Header{{Name: "User-Agent", Value: "a,b"}, {Name: "X", Value: "1"}, {Name: "X", Value: "2"}, {Name: "Host", Value: "h"}}
	if d := cmp.Diff(want, SeenByEnvoy(r).Headers); d != "" {
		t.Error(d)
	}
	if r.Headers[0].Value != "a" || len(r.Headers) != 6 {
		t.Errorf("the request itself has changed: %v", r.Headers)
	}
	kept := core.Request{Headers: []core.Header{{Name: "Referer", Value: "https://shop.test/a"}}}
	if d := cmp.Diff(kept.Headers, SeenByEnvoy(kept).Headers); d != "" {
		t.Error(d)
	}
}
