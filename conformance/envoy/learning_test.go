package envoy

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/conformance/envoy/host"
)

const (
	// manual is what people of this site search for: suspicious elsewhere.
	manual = "cat /etc/hosts"
	// weak is little evidence, unless it stands where only numbers belong.
	weak = "1;ls"
)

func search(q, page string) [][2]string {
	return get("/search?q=" + url.QueryEscape(q) + "&page=" + url.QueryEscape(page))
}

// ask sends a request from a source and returns its event.
func (c *classroom) ask(p *host.Plugin, source int, request [][2]string) map[string]any {
	c.Helper()
	c.vm.Properties["source\x00address"] = fmt.Sprintf("10.%d.%d.7:4711", source/200, source%200)
	c.vm.Logs = nil
	s := begin(c.T, p)
	must(c.T, s.Headers(request, true), s.Close())
	return event(c.T, c.vm)
}

// TestLearning has the guest observe six windows of a site's traffic, and the
// real store learn from it. What is familiar then passes, and what breaks the
// profile is refused.
func TestLearning(t *testing.T) {
	c := newClassroom(t)
	c.answered(200)
	detect := c.plugin(`,"mode":"detect","log":"all"`)
	c.tick(detect) // now the sidecar has been met
	if e := c.ask(detect, 1, search(manual, "1")); e["event.action"] != "detect" || e["glacis.confidence"] != "high" {
		t.Fatalf("before: %v", e)
	}
	if e := c.ask(detect, 1, search("shoes", weak)); e["event.action"] != "pass" || e["glacis.confidence"] != "medium" {
		t.Fatalf("before: %v", e)
	}
	for window := range 6 {
		for source := range 40 {
			for i := range 4 {
				c.ask(detect, source, search([]string{"red shoes", "blue hat", "socks", "gloves"}[i], fmt.Sprint(1+(source+i)%30)))
			}
			c.ask(detect, source, search(manual, "1"))
		}
		c.advance(2 * time.Second)
		c.eventually(detect, "observations", func() bool { return int64(c.store.Counts().Records) == c.vm.Metrics["glacis.observations"] })
		c.advance(time.Minute)
		if window > 0 {
			updates := c.vm.Metrics["glacis.profile_updates"]
			c.eventually(detect, "profile", func() bool { return c.vm.Metrics["glacis.profile_updates"] > updates })
		}
	}
	e := c.ask(detect, 77, search(manual, "1"))
	if e["event.action"] != "pass" || e["glacis.confidence"] != "none" || e["glacis.profile"] == nil {
		t.Errorf("familiar: %v", e)
	}
	// A second configuration of the same VM begins with what was learned.
	prevent := c.plugin(`,"mode":"prevent","log":"all"`)
	e = c.ask(prevent, 78, search("shoes", weak))
	if e["event.action"] != "block" || !strings.Contains(fmt.Sprint(e["glacis.adjustments"]), "type") || e["glacis.profile"] == nil {
		t.Errorf("weak evidence in a place for numbers: %v", e)
	}
	if e = c.ask(prevent, 79, search("red shoes", "3")); e["event.action"] != "pass" {
		t.Errorf("clean: %v", e)
	}
	if e = c.ask(prevent, 79, search(attack, "3")); e["event.action"] != "block" {
		t.Errorf("critical: %v", e)
	}
	c.agents(detect)
}

// agents checks what the sidecar knows of the guest.
func (c *classroom) agents(p *host.Plugin) {
	c.Helper()
	c.advance(time.Minute)
	c.tick(p)
	w := c.answer(&host.Call{Headers: [][2]string{{":method", "GET"}, {":path", "/v1/agents"}, {"authorization", "Bearer " + token}}})
	var list struct{ Agents []agent.Report }
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
		c.Fatal(err)
	}
	i := slices.IndexFunc(list.Agents, func(a agent.Report) bool { return a.Mode == "detect" })
	if i < 0 {
		c.Fatalf("no agent: %s", w.Body)
	}
	a := list.Agents[i]
	if a.Kind != "envoy/wasm" || a.Requests < 1200 || a.Blocks != 0 || a.Profile == "" || a.Model == "" || a.DroppedObservations != 0 {
		c.Errorf("%+v", a)
	}
}
