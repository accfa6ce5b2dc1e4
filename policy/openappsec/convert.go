package openappsec

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	core "github.com/glacis-waf/glacis/core/policy"
)

// sections are the lists of named things at the top of a file, with the kinds
// of the Kubernetes resources that hold one of them.
var sections = []struct{ key, kind string }{
	{"threatPreventionPractices", "ThreatPreventionPractice"},
	{"practices", "Practice"},
	{"accessControlPractices", "AccessControlPractice"},
	{"logTriggers", "LogTrigger"},
	{"customResponses", "CustomResponse"},
	{"sourcesIdentifiers", "SourcesIdentifier"},
	{"sourceIdentifiers", "SourcesIdentifier"},
	{"trustedSources", "TrustedSource"},
	{"exceptions", "Exception"},
}

// Convert makes a native document. The notes say what could not be taken over;
// if one is fatal the document is of no use.
func Convert(docs []Document) (*core.Document, []Note) {
	c := &converter{doc: &core.Document{APIVersion: core.APIVersion, Name: "open-appsec"}, named: map[string]map[string]*object{}, holds: map[string][]string{}}
	var policies *object
	for _, d := range docs {
		o := c.object(d.File, "", d.Root)
		version := o.text("apiVersion")
		if strings.HasPrefix(version, "openappsec.io/") {
			if p := c.resource(o); p != nil {
				policies = c.only(policies, p)
			}
			continue
		}
		for _, s := range sections {
			for _, item := range o.objects(s.key) {
				c.define(s.kind, item.text("name"), item)
			}
		}
		o.refuse("several policies for classes of ingress controllers need several sidecars", "policyActivations")
		for _, item := range o.objects("rpSettings") {
			item.all()
			item.note(item.node, item.path, "not supported, because the upstream is the gateway's own setting", false)
		}
		if p := o.child("policies"); p != nil {
			policies = c.only(policies, p)
		}
		o.end("policies", "threatPreventionPractices", "accessControlPractices", "logTriggers", "customResponses",
			"sourcesIdentifiers", "trustedSources", "exceptions", "policyActivations")
	}
	if policies == nil {
		at := &yaml.Node{Line: 1, Column: 1}
		c.object(docs[0].File, "", docs[0].Root).note(at, "policies", "is missing", true)
		return c.doc, c.notes
	}
	c.policies(policies)
	c.leftover()
	return c.doc, unique(c.notes)
}

// unique drops notes that say the same: a practice is read for each rule that
// uses it.
func unique(in []Note) []Note {
	seen := map[Note]bool{}
	var out []Note
	for _, n := range in {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// only keeps the first policy.
func (c *converter) only(first, next *object) *object {
	if first == nil {
		return next
	}
	next.note(next.node, next.path, fmt.Sprintf("there is a policy already (%s:%d)", first.file, first.node.Line), true)
	return first
}

// define remembers a named thing.
func (c *converter) define(kind, name string, o *object) {
	kind = unify(kind)
	if c.named[kind] == nil {
		c.named[kind] = map[string]*object{}
	}
	if c.named[kind][name] != nil {
		o.note(o.node, o.path, fmt.Sprintf("%q is defined twice", name), true)
	}
	c.named[kind][name] = o
}

func unify(kind string) string {
	if kind == "Practice" {
		return "ThreatPreventionPractice"
	}
	return kind
}

// resource reads a Kubernetes resource; it returns the spec of a Policy.
func (c *converter) resource(o *object) *object {
	kind, namespaced := strings.CutSuffix(o.text("kind"), "NS")
	if namespaced {
		o.note(o.get("kind"), o.key("kind"), "its scope is not supported, because a policy holds for all that a gateway serves: it is read as "+kind, false)
	}
	name := ""
	if m := o.child("metadata"); m != nil {
		name = m.text("name")
		m.refuse("a policy holds for all that a gateway serves, whatever its namespace", "namespace")
		m.rest("only the name is read of a resource's metadata")
	}
	spec := o.child("spec")
	o.refuse("it is the cluster's word, not the policy's", "status")
	o.end("kind", "metadata", "spec")
	if spec == nil {
		o.note(o.node, "spec", "is missing", true)
		return nil
	}
	switch {
	case kind == "Policy":
		return spec
	case kind == "PolicyActivation":
		spec.note(spec.node, "PolicyActivation "+name, "not supported, because several policies for classes of ingress controllers need several sidecars", false)
		return nil
	case slices.ContainsFunc(sections, func(s struct{ key, kind string }) bool { return s.kind == kind }):
		spec.path = kind + " " + name
		spec.get("name")
		c.define(kind, name, spec)
		return nil
	}
	o.note(o.node, "kind", fmt.Sprintf("not supported, because there is no such kind as %q", kind), false)
	return nil
}

// rule is the default or a specific rule.
type rule struct {
	o                                       *object
	name, host, mode                        string
	practices, access, triggers, exceptions []string
	response, sources, trusted              string
}

// policies converts the rules.
func (c *converter) policies(p *object) {
	c.class(p)
	d := p.child("default")
	if d == nil {
		p.note(p.node, p.key("default"), "is missing", true)
		return
	}
	base := c.rule(d, nil)
	c.settings(base, nil)
	c.environment(base)
	for _, o := range p.objects("specificRules") {
		r := c.rule(o, base)
		if r.host == "" {
			o.note(o.node, o.key("host"), "is missing", true)
			continue
		}
		a := core.Asset{Name: r.name}
		c.place(r, &a)
		if a.Hosts == nil && a.Paths == nil {
			o.note(o.node, o.key("host"), "means every request: it becomes the default", false)
			c.settings(r, nil)
			continue
		}
		c.settings(r, &a)
		c.doc.Assets = append(c.doc.Assets, a)
	}
	p.end("default", "specificRules")
	c.exceptions()
}

// class reads appsecClassName.
func (c *converter) class(o *object) {
	if n := o.get("appsecClassName"); n != nil && n.Value != "" {
		o.note(n, o.key("appsecClassName"), "not supported, because there is one policy for a sidecar", false)
	}
}

// rule reads the keys of a rule; what it leaves out comes from base.
func (c *converter) rule(o *object, base *rule) *rule {
	r := &rule{o: o, name: o.text("name"), host: o.text("host"), mode: o.text("mode"),
		practices: o.list("threatPreventionPractices", "practices"), access: o.list("accessControlPractices"),
		triggers: o.list("triggers"), exceptions: o.list("exceptions"),
		response: o.text("customResponse"), sources: o.text("sourceIdentifiers"), trusted: o.text("trustedSources")}
	// The file that open-appsec ships writes the plural here, which its own parser ignores.
	if r.response == "" {
		r.response = o.text("customResponses")
	}
	o.refuse("a policy is updated when its file is", "autoUpgrade")
	o.refuse("the upstream is the gateway's own setting", "upstream", "rpSettings", "ssl")
	o.end("mode", "host", "name", "threatPreventionPractices", "accessControlPractices", "triggers", "customResponse", "sourceIdentifiers", "trustedSources", "exceptions")
	if base == nil {
		o.refuse("the default rule holds for what no other wants", "name", "host")
		r.name = "default"
		return r
	}
	inherit := func(p *string, from string) {
		if *p == "" {
			*p = from
		}
	}
	inherit(&r.mode, base.mode)
	inherit(&r.response, base.response)
	_, host, found := strings.Cut(r.host, "://")
	if !found {
		host = r.host
	}
	inherit(&r.name, strings.Trim(strings.NewReplacer("/", "-", ":", "-").Replace(host), "-"))
	if r.practices == nil {
		r.practices = base.practices
	}
	if r.access == nil {
		r.access = base.access
	}
	if r.exceptions == nil {
		r.exceptions = base.exceptions
	}
	if r.triggers != nil && !slices.Equal(r.triggers, base.triggers) {
		o.note(o.get("triggers"), o.key("triggers"), "not supported, because logging is set once, by the default rule", false)
	}
	if r.sources != "" && r.sources != base.sources {
		o.note(o.get("sourceIdentifiers"), o.key("sourceIdentifiers"), "not supported, because the source of requests is set once, by the default rule", false)
	}
	if r.trusted != "" && r.trusted != base.trusted {
		o.note(o.get("trustedSources"), o.key("trustedSources"), "not supported, because learning is set once, by the default rule", false)
	}
	return r
}

// place reads "host[:port][/path]" or a URL. In open-appsec a host without a
// port is one on port 80 or 443; here it is one on any.
func (c *converter) place(r *rule, a *core.Asset) {
	host := r.host
	scheme, rest, found := strings.Cut(host, "://")
	if found {
		host = rest
	}
	host, path, _ := strings.Cut(host, "/")
	if found && !strings.Contains(host, ":") {
		host += map[string]string{"http": ":80", "https": ":443"}[scheme]
	}
	if host != "*" && host != "*:*" && host != "" {
		a.Hosts = []string{host}
	}
	if path != "" && !strings.Contains(path, "*") {
		a.Paths = []string{"/" + strings.TrimSuffix(path, "/")}
	}
}

// leftover reports the named things that no rule uses: none of their keys have
// any effect.
func (c *converter) leftover() {
	for _, s := range sections {
		for name, o := range c.named[s.kind] {
			if !o.named {
				o.note(o.node, o.path, fmt.Sprintf("not used: no rule names %s %q", s.kind, name), false)
				o.all()
			}
		}
	}
}

// find looks up the first of the names, as open-appsec does; the others are
// reported. A name that leads nowhere is an error if it must not.
func (c *converter) find(r *rule, kind, key string, names []string, must bool) *object {
	if len(names) == 0 || names[0] == "" {
		return nil
	}
	at := r.o.get(key)
	if at == nil {
		at = r.o.node
	}
	if len(names) > 1 && at != r.o.node {
		r.o.note(at, r.o.key(key), "not supported, because like open-appsec only the first is used: "+names[0], false)
	}
	o := c.named[kind][names[0]]
	if o == nil {
		r.o.note(at, r.o.key(key), fmt.Sprintf("there is no %s %q", kind, names[0]), must)
		return nil
	}
	o.named = true
	return o
}

// network says whether a text is an address or a network that can be used.
func network(s string) (string, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String(), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked().String(), err == nil
}
