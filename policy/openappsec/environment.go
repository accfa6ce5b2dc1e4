package openappsec

import "fmt"

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
		if n := a.get("preventEvents"); n != nil && !a.flag("preventEvents") && (a.flag("detectEvents") || a.flag("allWebRequests")) {
			a.note(n, a.key("preventEvents"), "not supported, because who hears of what was found hears of what was refused, too", false)
		}
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
		a.unless(false, "requests within a rate limit are no events", "allowEvents")
		a.unless(true, "every refused request is an event", "dropEvents")
		a.end("allowEvents", "dropEvents")
	}
	const whole = "an event holds the place and the text that decided, never whole requests"
	if a := t.child("additionalSuspiciousEventsLogging"); a != nil {
		a.unless(false, "no request has more events than one; with appsecLogging.detectEvents every finding is in it", "enabled")
		a.refuse("events are chosen by what was done, not by severity; each has its confidence", "minSeverity", "minimumSeverity")
		a.unless(false, whole, "responseBody")
		a.unless(false, "an event holds what was decided, not the status of the answer", "responseCode")
		a.end("enabled", "minSeverity", "responseBody", "responseCode")
	}
	if a := t.child("extendedLogging"); a != nil {
		a.unless(true, "the path is always in events", "urlPath")
		for _, key := range []string{"urlQuery", "httpHeaders", "requestBody"} {
			a.unless(false, whole, key)
		}
		a.end("urlPath", "urlQuery", "httpHeaders", "requestBody")
	}
	if d := t.child("logDestination"); d != nil {
		c.destination(d)
	}
	t.end("appsecLogging", "accessControlLogging", "additionalSuspiciousEventsLogging", "extendedLogging", "logDestination")
}

func (c *converter) destination(d *object) {
	d.unless(false, "there is no cloud service", "cloud")
	d.unless(false, "there is no agent with a file of its own; logging.sinks takes file:PATH", "logToAgent")
	d.unless(false, "tuning suggestions come from the sidecar without a service of their own", "localTuning")
	if s := d.child("stdout"); s != nil {
		if n := s.get("format"); n != nil && n.Value != "json" {
			s.note(n, s.key("format"), "not supported, because events are JSON, one on a line", false)
		}
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
		at := o.get("identifier", "sourceIdentifier")
		switch kind {
		case "sourceip", "":
			o.refuse("the source is the address of the connection, whatever it is", "value")
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
				o.note(at, o.key("identifier"), "not supported without addresses of trusted proxies, because anybody can write that header", false)
			}
		default:
			o.note(at, o.key("identifier"), "not supported, because a source is an address: "+kind+" can be made up by the client", false)
		}
		o.end("identifier", "value")
	}
	s.end("sourcesIdentifiers")
}
