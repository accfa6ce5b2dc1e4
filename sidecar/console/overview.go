package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// overviewPage is how the sidecar and its agents are.
type overviewPage struct {
	Now      time.Time
	Node     node.Status
	Known    bool // Node is
	Notices  []notice
	Learns   bool
	Agents   []agent.Report
	Sidecars []string
	Assets   []learn.AssetStatus
	Refused  []eventRow
	Live     bool
	Toggle   string // the page with Live the other way round
}

// notice is something that an operator should know.
type notice struct {
	Bad  bool
	Text string
}

// refreshSeconds is how often a page that is live comes again.
const refreshSeconds = 10

// overview shows the first page.
func (c *Console) overview(v *visit) {
	p := overviewPage{Now: c.cfg.Now(), Live: v.r.URL.Query().Get("live") == "1", Toggle: link("", "live", "1")}
	if p.Live {
		p.Toggle = Root
	}
	err := c.client.get(v.r, "/v1/status", nil, &p.Node)
	if err != nil && !missing(err) {
		v.failed(err)
		return
	}
	if p.Known = err == nil; p.Known {
		p.Notices = nodeNotices(&p.Node)
	}
	if err := p.learned(c, v.r); err != nil {
		v.failed(err)
		return
	}
	latest, err := c.fetch(v.r, url.Values{"action": {"block"}, "limit": {"5"}})
	if err != nil && !missing(err) {
		v.failed(err)
		return
	}
	p.Refused = latest.rows()
	refresh := 0
	if p.Live {
		refresh = refreshSeconds
	}
	v.live(http.StatusOK, "overview", "Overview", &p, refresh)
}

// learned adds what only a sidecar that learns knows.
func (p *overviewPage) learned(c *Console, r *http.Request) error {
	var agents struct {
		Agents   []agent.Report
		Sidecars []string
	}
	err := c.client.get(r, "/v1/agents", nil, &agents)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Learns, p.Agents, p.Sidecars = true, agents.Agents, agents.Sidecars
	for i := range p.Agents {
		for _, text := range p.Agents[i].Trouble(p.Now) {
			p.Notices = append(p.Notices, notice{true, "Agent " + p.Agents[i].ID + ": " + text})
		}
	}
	var learning learningAnswer
	if err := c.client.get(r, "/v1/learning", nil, &learning); err != nil {
		return err
	}
	p.Assets = learning.Assets
	return nil
}

// nodeNotices are those about the sidecar itself.
func nodeNotices(s *node.Status) (out []notice) {
	bad := func(what, text string) {
		if text != "" {
			out = append(out, notice{true, what + text})
		}
	}
	bad("The newest model is not in force: ", s.Model.Error)
	bad("The policy as it is in its files now is not in force: ", s.Policy.Error)
	for _, e := range s.Events {
		bad("Events do not get to "+e.Name+": ", e.Error)
		if n := e.Full + e.Failed + e.Closed; n > 0 {
			out = append(out, notice{true, plural(int(n), "event") + " for " + e.Name + " were dropped since the start."})
		}
	}
	if n := s.Counts.FailOpen; n > 0 {
		out = append(out, notice{true, plural(int(n), "request") + " went through without a complete inspection since the start."})
	}
	if s.Model.Update != "" {
		out = append(out, notice{false, "A newer model is available: " + s.Model.Update + " (glacis model pull)."})
	}
	if n := s.Policy.Warnings; n > 0 {
		out = append(out, notice{false, "The policy in force has " + plural(n, "warning") + " (glacis policy lint)."})
	}
	return out
}
