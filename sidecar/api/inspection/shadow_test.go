package inspection

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/shadow"
)

// TestShadow: a second model sees every request of the sample as the first one
// does, its body and trailers included, and changes no answer. What failed or was
// not shown to its end is not compared.
func TestShadow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, _, err := models.Check(deliverytest.Blind(t, "9.0.0"))
		if err != nil {
			t.Fatal(err)
		}
		blind, err := core.New(core.Config{Model: m})
		if err != nil {
			t.Fatal(err)
		}
		beside, err := shadow.New(shadow.Config{Sample: 1, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		beside.SetEngine(blind)
		s, _ := newService(t, gateway.Settings{}, func(c *Config) { c.Shadow, c.Events = beside, nil })
		defer s.Close()
		ctx, stop := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { beside.Run(ctx) })
		if _, action, _ := ask(s, "lamp", "", "lamp"); action != gateway.ActionPass {
			t.Error(action)
		}
		for _, body := range []string{"", "q=" + sqli} {
			query := sqli
			if body != "" {
				query = "lamp"
			}
			if _, action, _ := ask(s, query, "", body); action != gateway.ActionBlock {
				t.Error(action)
			}
		}
		in := s.Begin("test") // evidence in a trailer
		in.Head("POST", "/", nil)
		in.End([]core.Header{{Name: "X-Note", Value: sqli}})
		in.Close(&Subject{ID: "trailer"})
		ask(s, sqli, "panic", "body")
		left := s.Begin("test")
		left.Head("GET", "/?q="+sqli, nil)
		left.Close(nil)
		synctest.Wait()
		stop()
		wait.Wait()
		r := beside.Report()
		if r.Sampled != 6 || r.Compared != 4 || r.Partial != 2 || r.Passes != 3 || r.Blocks != 0 || len(r.Differences) != 3 || r.Differences[2].RequestID != "trailer" {
			t.Errorf("%+v", r)
		}
	})
}
