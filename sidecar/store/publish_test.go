package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
)

// TestAdmit: what is taken out of an observation is not stored, and the rest is
// as it was.
func TestAdmit(t *testing.T) {
	o := &profile.Observation{Status: 2, Source: 77, Method: []byte("POST"), Host: []byte("shop.test"), Template: []byte("/cart"),
		Params:     []profile.ParamSeen{{Location: []byte("query.q"), Shape: profile.Shape{Length: 3, Class: 5, Hash: 9}}, {Location: []byte("query.token")}},
		Indicators: []profile.IndicatorSeen{{Location: []byte("query.q"), Family: 1, Level: 2, Score: 80, Tokens: []uint32{1, 2}, Example: []byte("aaa")}}}
	s := &Store{}
	s.cfg.Partitions = 1
	s.cfg.Admit = func(o *profile.Observation) bool {
		if string(o.Host) == "other.test" {
			return false
		}
		o.Params = o.Params[:1]
		return true
	}
	away := *o
	away.Host = []byte("other.test")
	parts, malformed := s.split(batch.ID{1}, [][]byte{encode(o), encode(&away), []byte("none")})
	if malformed != 1 || len(parts) != 1 {
		t.Fatal(malformed, parts)
	}
	for _, part := range parts {
		_, records, err := batch.Parse(part[1:])
		if err != nil || len(records) != 1 {
			t.Fatal(err, len(records))
		}
		var got profile.Observation
		if err := got.Parse(records[0]); err != nil {
			t.Fatal(err)
		}
		want := *o
		want.Params = o.Params[:1]
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}
