package conformance

import (
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// coreTarget is the engine itself, in process, fed in pieces of odd sizes: how a
// body arrives must not matter.
type coreTarget struct{}

func (coreTarget) Name() string { return "core" }

func (coreTarget) Deviations() []Deviation { return nil }

func (coreTarget) Start(t testing.TB, _ string) Instance { return startCore(t, core.Config{}, nil) }

// StartUnder implements Ruled.
func (coreTarget) StartUnder(t testing.TB, _ string, p *Policy) Instance {
	return startCore(t, core.Config{Policy: p.Policy}, p)
}

func startCore(t testing.TB, cfg core.Config, p *Policy) Instance {
	engine, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return Direct(func(m *Message) (Event, error) {
		v := feed(engine, m.Request, p.Client(m.Request))
		return NewEvent(m.ID, &v), nil
	})
}

// feed inspects a request piece by piece.
func feed(engine *core.Engine, r *core.Request, client string) core.Verdict {
	tx := engine.Begin()
	defer tx.Close()
	tx.Source(client)
	tx.RequestLine(r.Method, r.URI)
	for _, h := range r.Headers {
		tx.Header(h.Name, h.Value)
	}
	size := 1
	for rest := r.Body; len(rest) > 0; size = size*3 + 1 {
		n := min(size, len(rest))
		tx.Body(rest[:n])
		rest = rest[n:]
	}
	for _, h := range r.Trailers {
		tx.Trailer(h.Name, h.Value)
	}
	return tx.End()
}

func TestConformanceCore(t *testing.T) { Run(t, coreTarget{}) }
