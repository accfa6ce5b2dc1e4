package openappsec

import (
	"fmt"
	core "github.com/glacis-waf/glacis/core/policy"
)

// The bounds on learning.minSources.
const (
	minSources = 8
	maxSources = 48
)

// environment converts what holds for the whole policy, from the default rule.
func (c *converter) environment(r *rule) {
	if t := c.find(r, "LogTrigger", "triggers", r.triggers, false); t != nil {
		c.trigger(t)
	}
	if s := c.find(r, "SourcesIdentifier", "sourceIdentifiers", []string{r.sources}, true); s != nil {
		c.sources(s)
	}
	if t := c.find(r, "TrustedSource", "trustedSources", []string{r.trusted}, true); t != nil {
		c.class(t)
		if n := t.number("minNumOfSources"); n > 0 {
			c.doc.Learning.MinSources = min(max(n, minSources), maxSources)
			if n != c.doc.Learning.MinSources {
				t.note(t.get("minNumOfSources"), t.key("minNumOfSources"), fmt.Sprintf("%d is taken as %d: Glacis learns from 8 to 48 sources, because with fewer one attacker could teach", n, c.doc.Learning.MinSources), false)
			}
		}
		t.refuse("no source may teach more than others", "sourcesIdentifiers")
		t.end("minNumOfSources", "sourcesIdentifiers")
	}
}

// trigger converts a log trigger.
func (c *converter) trigger(t *object) {
	c.class(t)
	if a := t.child("appsecLogging"); a != nil {
		detect, prevent, all := a.flag("detectEvents"), a.flag("preventEvents"), a.flag("allWebRequests")
		switch {
		case all:
			c.doc.Logging.Level = "all"
		case detect:
			c.doc.Logging.Level = "findings"
		case prevent:
			c.doc.Logging.Level = "blocked"
		default:
			c.doc.Logging.Level = "off"
		}
		a.end("detectEvents", "preventEvents", "allWebRequests")
	}
	if a := t.child("accessControlLogging"); a != nil {
		drop := a.flag("dropEvents")
		if n := a.get("allowEvents"); n != nil && n.Value == "true" {
			a.note(n, a.key("allowEvents"), "not supported, because requests within a rate limit are no events", false)
		}
		if n := a.get("dropEvents"); n != nil && !drop {
			a.note(n, a.key("dropEvents"), "not supported, because every refused request is an event", false)
		}
		a.end("allowEvents", "dropEvents")
	}
	const whole = "an event holds the place and the text that decided, never whole requests"
	if a := t.child("additionalSuspiciousEventsLogging"); a != nil {
		a.get("enabled")
		a.get("minSeverity", "minimumSeverity")
		a.get("responseCode")
		if n := a.get("responseBody"); n != nil && n.Value == "true" {
			a.note(n, a.key("responseBody"), "not supported, because "+whole, false)
		}
		a.end("enabled", "minSeverity", "responseBody", "responseCode")
	}
	if a := t.child("extendedLogging"); a != nil {
		a.get("urlPath") // always in events
		for _, key := range []string{"urlQuery", "httpHeaders", "requestBody"} {
			if n := a.get(key); n != nil && n.Value == "true" {
				a.note(n, a.key(key), "not supported, because "+whole, false)
			}
		}
		a.end("urlPath", "urlQuery", "httpHeaders", "requestBody")
	}
	if d := t.child("logDestination"); d != nil {
		c.destination(d)
	}
	t.end("appsecLogging", "accessControlLogging", "additionalSuspiciousEventsLogging", "extendedLogging", "logDestination")
}

func (c *converter) destination(d *object) {
	if n := d.get("cloud"); n != nil && n.Value == "true" {
		d.note(n, d.key("cloud"), "not supported, because there is no cloud service", false)
	}
	d.get("logToAgent")
	if n := d.get("localTuning"); n != nil && n.Value == "true" {
		d.note(n, d.key("localTuning"), "not supported, because tuning suggestions come from the sidecar without a service of their own", false)
	}
	if s := d.child("stdout"); s != nil {
		s.get("format") // events are JSON lines
		s.end("format")
	}
	d.refuse("where events go is set where they are collected, at the sidecar or the gateway's log", "syslogService", "cefService")
	d.end("cloud", "logToAgent", "localTuning", "stdout", "syslogService", "cefService")
}

// sources converts source identifiers: addresses behind trusted proxies.
func (c *converter) sources(s *object) {
	c.class(s)
	for _, o := range s.objects("sourcesIdentifiers", "identifiers") {
		kind := o.text("identifier", "sourceIdentifier")
		values := o.list("value")
		switch kind {
		case "sourceip", "":
		case "x-forwarded-for":
			for _, v := range values {
				n, ok := network(v)
				if !ok {
					o.note(o.get("value"), o.key("value"), "is no address and no network: "+v, true)
					continue
				}
				c.doc.Source.TrustedProxies = append(c.doc.Source.TrustedProxies, n)
			}
			if len(values) == 0 {
				o.note(o.node, o.path, "not supported without addresses of trusted proxies, because anybody can write that header", false)
			}
		default:
			o.note(o.node, o.path, "not supported, because a source is an address: "+kind+" can be made up by the client", false)
		}
		o.end("identifier", "value")
	}
	s.end("sourcesIdentifiers")
}

// response converts the custom response of a rule and returns its name.
func (c *converter) response(r *rule) string {
	if r.response == "" {
		return ""
	}
	o := c.find(r, "CustomResponse", "customResponse", []string{r.response}, false)
	if o == nil {
		return ""
	}
	for i := range c.doc.Responses {
		if c.doc.Responses[i].Name == r.response {
			return r.response
		}
	}
	c.class(o)
	out := core.Response{Name: r.response, Status: o.number("httpResponseCode")}
	title, body := o.text("messageTitle"), o.text("messageBody")
	redirect, id := o.text("redirectUrl"), o.flag("redirectAddXEventId")
	switch mode := o.text("mode"); mode {
	case "redirect":
		out.Status, out.Redirect = 307, redirect
		if id {
			out.Redirect += "?x-event-id={id}"
		}
	case "block-page":
		out.Page = "<!doctype html><title>" + title + "</title><h1>" + title + "</h1><p>" + body + "</p><p>{id}</p>"
	case "response-code-only", "":
		// an answer without a text; the built-in one is short and says nothing more
	default:
		o.note(o.get("mode"), o.key("mode"), "want block-page, redirect or response-code-only", true)
	}
	if out.Status > 0 && out.Status < 300 {
		o.note(o.get("httpResponseCode"), o.key("httpResponseCode"), "not supported, because a refused request must not look like a success", false)
		out.Status = 0
	}
	o.end("mode", "httpResponseCode", "messageTitle", "messageBody", "redirectUrl", "redirectAddXEventId")
	c.doc.Responses = append(c.doc.Responses, out)
	return r.response
}
