package openappsec

import (
	"slices"
	"strings"

	core "github.com/glacis-waf/glacis/core/policy"
)

// validMethods are the methods that nonValidHttpMethods lets through: those
// registered with IANA.
const validMethods = "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL " +
	"MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PROPFIND PROPPATCH PUT REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE VERSION-CONTROL"

// maxHeaders is the most of request line and headers that is inspected.
const maxHeaders = 64 << 10

// settings converts what a rule says about its asset; a nil asset is the
// default. Practices are read anew for each rule that uses them.
func (c *converter) settings(r *rule, a *core.Asset) {
	if a == nil {
		a = &core.Asset{}
		defer func() {
			c.doc.Defaults = core.Settings{Mode: a.Mode, Learning: a.Learning, Confidence: a.Confidence, Limits: a.Limits,
				Response: a.Response, Protections: a.Protections}
		}()
	}
	mode := r.mode
	if p := c.find(r, "ThreatPreventionPractice", "threatPreventionPractices", r.practices, true); p != nil {
		mode = c.practice(p, r, a)
	}
	a.Mode, a.Learning = nativeMode(mode)
	if a.Mode == "" {
		r.o.note(r.o.node, r.o.key("mode"), "want prevent-learn, detect-learn, prevent, detect or inactive", true)
	}
	if p := c.find(r, "AccessControlPractice", "accessControlPractices", r.access, true); p != nil {
		c.rateLimits(p, r)
	}
	a.Response = c.response(r)
	for _, name := range r.exceptions {
		if c.named["Exception"][name] == nil {
			r.o.note(r.o.node, r.o.key("exceptions"), "there is no exception "+name, true)
			continue
		}
		if c.holds[name] == nil {
			c.order = append(c.order, name)
		}
		if !slices.Contains(c.holds[name], r.name) {
			c.holds[name] = append(c.holds[name], r.name)
		}
	}
}

// nativeMode divides a mode into ours and learning; "" if there is none such.
func nativeMode(mode string) (string, string) {
	switch mode {
	case "prevent-learn":
		return "prevent", "on"
	case "prevent":
		return "prevent", "off"
	case "detect-learn":
		return "detect", "on"
	case "detect":
		return "detect", "off"
	case "inactive":
		return "off", "off"
	}
	return "", ""
}

// over returns the mode that is written, or the one around it.
func over(written, around string) string {
	if written == "" || written == "inherited" || written == "as-top-level" {
		return around
	}
	return written
}

// practice converts a practice and returns the mode of its web attacks.
func (c *converter) practice(p *object, r *rule, a *core.Asset) string {
	c.class(p)
	around := over(p.text("practiceMode"), r.mode)
	mode := around
	if w := p.child("webAttacks"); w != nil {
		mode = over(w.text("overrideMode"), around)
		c.webAttacks(w, a, mode)
	}
	for key, because := range map[string]string{
		"intrusionPrevention": "it needs signatures that come with a subscription",
		"fileSecurity":        "it needs a service that comes with a subscription; files are inspected for attacks like any other body",
		"snortSignatures":     "Glacis has no signatures",
		"schemaValidation":    "no schema is enforced yet", "openapiSchemaValidation": "no schema is enforced yet",
		"antiBot": "Glacis adds no scripts to pages",
	} {
		o := p.child(key)
		if o == nil {
			continue
		}
		override := o.text("overrideMode")
		o.all()
		if over(override, around) != "inactive" {
			p.note(p.get(key), p.key(key), "not supported, because "+because, false)
		}
	}
	p.end("practiceMode", "webAttacks", "intrusionPrevention", "fileSecurity", "snortSignatures", "schemaValidation", "antiBot")
	return mode
}

// webAttacks converts limits, confidence and protections.
func (c *converter) webAttacks(w *object, a *core.Asset, mode string) {
	a.Confidence = w.text("minimumConfidence")
	if a.Confidence == "" {
		a.Confidence = "critical" // the default of open-appsec's code in both versions
	}
	if a.Confidence != "critical" && a.Confidence != "high" && a.Confidence != "medium" {
		w.note(w.get("minimumConfidence"), w.key("minimumConfidence"), "want critical, high or medium", true)
	}
	a.Limits.URLBytes = w.number("maxUrlSizeBytes")
	a.Limits.HeaderBytes = w.number("maxHeaderSizeBytes")
	if a.Limits.HeaderBytes > maxHeaders {
		w.note(w.get("maxHeaderSizeBytes"), w.key("maxHeaderSizeBytes"), "not supported beyond 65536, because more of the headers is not inspected; what is longer is counted as uninspected", false)
		a.Limits.HeaderBytes = 0
	}
	a.Limits.BodyBytes = w.number("maxBodySizeKb") * 1024
	if n := w.get("maxObjectDepth"); n != nil {
		w.note(n, w.key("maxObjectDepth"), "not supported, because documents are read to any depth; layers of encoding are limited instead (limits.depth)", false)
	}
	if a.Limits.URLBytes+a.Limits.HeaderBytes+a.Limits.BodyBytes > 0 {
		a.Limits.OverLimit = "block"
	}
	if p := w.child("protections"); p != nil {
		// The names with -protection and without suffix stand in the shipped v1beta1
		// files; open-appsec ignores them.
		a.Protections.CSRF.Mode = c.protection(p, mode, "csrfProtection", "csrfEnabled")
		a.Protections.ErrorDisclosure.Mode = c.protection(p, mode, "errorDisclosure", "errorDisclosureEnabled")
		a.Protections.OpenRedirect.Mode = c.protection(p, mode, "openRedirect", "openRedirectEnabled")
		if p.flag("nonValidHttpMethods") {
			m, _ := nativeMode(mode)
			a.Protections.Methods = core.MethodCheck{Mode: m, Allow: strings.Fields(validMethods)}
		}
		p.end("csrfProtection", "errorDisclosure", "openRedirect", "nonValidHttpMethods")
	}
	w.end("overrideMode", "minimumConfidence", "maxUrlSizeBytes", "maxHeaderSizeBytes", "maxBodySizeKb", "maxObjectDepth", "protections")
}

func (c *converter) protection(p *object, around string, names ...string) string {
	written := p.text(names...)
	if written == "" {
		return ""
	}
	mode, _ := nativeMode(over(written, around))
	if mode == "" {
		p.note(p.get(names...), p.key(names[0]), "want prevent, detect, inactive or inherited", true)
	}
	return mode
}

// rateLimits converts the rules of an access control practice for one asset.
func (c *converter) rateLimits(p *object, r *rule) {
	c.class(p)
	around := over(p.text("practiceMode"), r.mode)
	l := p.child("rateLimit")
	p.end("practiceMode", "rateLimit")
	if l == nil {
		return
	}
	mode, _ := nativeMode(over(l.text("overrideMode"), around))
	if mode == "" {
		l.note(l.node, l.key("overrideMode"), "want prevent, detect, inactive or inherited, here and in practiceMode", true)
	}
	for _, o := range l.objects("rules") {
		uri := o.text("uri")
		limit := core.RateLimit{Name: strings.Trim(r.name+strings.ReplaceAll(uri, "/", "-"), "-"), Assets: []string{r.name},
			Requests: o.number("limit"), Window: "1m", Mode: mode}
		switch unit := strings.ToLower(o.text("unit")); unit {
		case "second":
			limit.Window = "1s"
		case "minute", "":
		default:
			o.note(o.get("unit"), o.key("unit"), "want minute or second", true)
		}
		if uri != "" {
			limit.Paths = []string{uri}
			if !strings.HasSuffix(uri, "*") {
				limit.Paths = append(limit.Paths, strings.TrimSuffix(uri, "/")+"/**")
			}
		}
		o.refuse("a rate limit has a name and no comment", "comment")
		if action := o.text("action"); action != "" && action != "inherited" {
			if limit.Mode, _ = nativeMode(action); limit.Mode == "" {
				o.note(o.get("action"), o.key("action"), "want prevent, detect, inactive or inherited", true)
			}
		}
		o.refuse("logging is set once, by the default rule", "triggers")
		o.refuse("a rate limit counts every request of its path; open-appsec does not read this key either", "condition")
		o.end("uri", "limit", "unit", "comment", "action", "triggers")
		if mode != "off" {
			c.doc.RateLimits = append(c.doc.RateLimits, limit)
		}
	}
	l.end("overrideMode", "rules")
}
