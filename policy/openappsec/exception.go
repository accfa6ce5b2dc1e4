package openappsec

import (
	"regexp"
	"slices"
	"strings"

	core "github.com/glacis-waf/glacis/core/policy"
)

// exceptions converts those that rules name.
func (c *converter) exceptions() {
	for _, name := range c.order {
		o := c.named["Exception"][name]
		o.named = true
		c.class(o)
		x := core.Exception{ID: name, Reason: o.text("comment"), Assets: c.holds[name]}
		if len(x.Assets) == len(c.doc.Assets)+1 {
			x.Assets = nil
		}
		switch action := o.text("action"); action {
		case "skip":
			x.Action = core.ActionSkip
		case "accept", "":
			x.Action = core.ActionAllow
		case "drop":
			x.Action = core.ActionBlock
		case "suppressLog":
			o.note(o.get("action"), o.key("action"), "not supported, because what is refused is always recorded", false)
			o.all()
			continue
		default:
			o.note(o.get("action"), o.key("action"), "want skip, accept, drop or suppressLog", true)
		}
		good := true
		for _, cond := range o.objects("condition") {
			good = c.condition(cond, cond.text("key"), cond.list("value"), &x) && good
			cond.end("key", "value")
		}
		for _, key := range []string{"countryCode", "countryName", "hostName", "paramName", "paramValue", "protectionName", "sourceIdentifier", "sourceIp", "url"} {
			if values := o.list(key); values != nil {
				good = c.condition(o, key, values, &x) && good
			}
		}
		o.end("action", "condition", "comment", "hostName", "paramName", "paramValue", "sourceIp", "url")
		if !good {
			o.note(o.node, o.path, "the exception is left out, because without one of its conditions it would hold for more", false)
			continue
		}
		c.doc.Exceptions = append(c.doc.Exceptions, x)
	}
}

// condition converts one condition; false means that it cannot be expressed.
func (c *converter) condition(o *object, key string, values []string, x *core.Exception) bool {
	fail := func(because string) bool {
		o.note(o.node, o.path+": "+key, "not supported, because "+because, false)
		return false
	}
	switch fold(key) {
	case "url":
		if !each(values, &x.Paths, "", fail) {
			return false
		}
		for _, p := range x.Paths {
			if p[0] != '/' && p[0] != '*' {
				return fail("paths begin with /")
			}
		}
		return true
	case "hostname":
		for _, v := range values {
			if _, err := regexp.Compile(v); err != nil {
				return fail(err.Error())
			}
		}
		x.Headers = append(x.Headers, core.HeaderValue{Name: "Host", Value: "(?i:" + strings.Join(values, "|") + ")(:[0-9]+)?"})
		return true
	case "sourceip", "sourceidentifier":
		for _, v := range values {
			n, ok := network(v)
			if !ok {
				return fail("a source is an address or a network, not " + v)
			}
			x.Sources = append(x.Sources, n)
		}
		return true
	case "paramname":
		for _, place := range []string{"query.", "body.form.", "body.json.", "body.json.**.", "body.multipart."} {
			if !each(values, &x.Locations, place, fail) {
				return false
			}
		}
		return true
	case "paramvalue":
		text := strings.Join(values, "|")
		if len(values) > 1 {
			text = "(?:" + text + ")"
		}
		if _, err := regexp.Compile(text); err != nil {
			return fail("the pattern is none of RE2: " + err.Error())
		}
		x.Value = text
		return true
	case "protectionname":
		return fail("protections have no names; use families or indicators")
	case "countrycode", "countryname":
		return fail("exceptions have no condition on countries; protections.geo of an asset has")
	}
	return fail("open-appsec has no such condition")
}

// each appends patterns made of regular expressions.
func each(values []string, out *[]string, before string, fail func(string) bool) bool {
	for _, v := range values {
		g, ok := glob(v)
		if !ok {
			return fail("the regular expression " + v + " is no pattern of *: write the exception anew")
		}
		if !slices.Contains(*out, before+g) {
			*out = append(*out, before+g)
		}
	}
	return true
}

// glob turns a regular expression that must match the whole into a pattern, if
// it consists of literals, ".*", "[^/]*" and escapes.
func glob(re string) (string, bool) {
	re = strings.TrimSuffix(strings.TrimPrefix(re, "^"), "$")
	var b strings.Builder
	for i := 0; i < len(re); {
		switch {
		case strings.HasPrefix(re[i:], ".*"):
			b.WriteString("**")
			i += 2
		case strings.HasPrefix(re[i:], "[^/]*"):
			b.WriteByte('*')
			i += 5
		case re[i] == '\\' && i+1 < len(re) && strings.IndexByte(`.*+?()[]{}|^$\/-_`, re[i+1]) >= 0:
			if re[i+1] == '*' || re[i+1] == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(re[i+1])
			i += 2
		case strings.IndexByte(`.*+?()[]{}|^$\`, re[i]) >= 0:
			// a dot that stands for itself is common in host and file names
			if re[i] == '.' && (i+1 == len(re) || strings.IndexByte("*+?{", re[i+1]) < 0) {
				b.WriteByte('.')
				i++
				continue
			}
			return "", false
		default:
			b.WriteByte(re[i])
			i++
		}
	}
	return b.String(), b.Len() > 0
}
