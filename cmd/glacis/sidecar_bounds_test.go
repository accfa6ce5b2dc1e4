package main

import (
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// TestBounds: the policy bounds what is learned: the numbers as they are at the
// start, assets and locations as they are at the time.
func TestBounds(t *testing.T) {
	engine := func(text string) *core.Engine {
		p, err := gateway.ParsePolicy(text, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		e, err := core.New(core.Config{Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	current := engine(`{"apiVersion":"glacis/v1","assets":[{"name":"api","hosts":["shop.test"],"paths":["/api"],"learning":"off"}],
"learning":{"minSources":9,"forgetAfterDays":3,"maxBytes":2097152,"exclude":["query.token","body.json.**.iban"]}}`)
	cfg := store.Config{}
	bound(&cfg, func() *core.Engine { return current })
	if cfg.Learn.Votes != 9 || cfg.Learn.Keep != 3 || cfg.Learn.MaxBytes != 2<<20 {
		t.Errorf("%+v", cfg.Learn)
	}
	o := profile.Observation{Host: []byte("shop.test"), Template: []byte("/cart/{int}"),
		Params:     []profile.ParamSeen{{Location: []byte("query.q")}, {Location: []byte("query.token")}, {Location: []byte("body.json.a.iban")}},
		Indicators: []profile.IndicatorSeen{{Location: []byte("query.token")}, {Location: []byte("query.q")}}}
	if !cfg.Admit(&o) || len(o.Params) != 1 || len(o.Indicators) != 1 || string(o.Indicators[0].Location) != "query.q" {
		t.Errorf("%+v", o)
	}
	o.Template = []byte("/api/items")
	if cfg.Admit(&o) {
		t.Error("an asset that is not learned from")
	}
	current = engine(`{"apiVersion":"glacis/v1"}`)
	if !cfg.Admit(&o) {
		t.Error("the next policy lets it be learned from")
	}
	none := store.Config{}
	bound(&none, func() *core.Engine { return engine(`{"apiVersion":"glacis/v1"}`) })
	if none.Learn.Votes != 0 || none.Learn.Keep != 0 || none.Learn.MaxBytes != 0 {
		t.Errorf("%+v", none.Learn)
	}
}
