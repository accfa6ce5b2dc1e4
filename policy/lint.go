package policy

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	core "github.com/glacis-waf/glacis/core/policy"
)

// lint lists what is valid but does not do what it seems to.
func lint(doc *core.Document, at positions, p *core.Policy) []Problem {
	var out []Problem
	warn := func(path, format string, args ...any) {
		out = append(out, at.problem(path, fmt.Sprintf(format, args...)))
	}
	unenforced(reflect.ValueOf(doc).Elem(), "", warn)
	for i, c := range p.Counts() {
		if c.Expired {
			warn(fmt.Sprintf("exceptions[%d].expires", i), "exception %q has expired: it no longer holds", c.ID)
		}
	}
	for i := range doc.Exceptions {
		x := &doc.Exceptions[i]
		path := fmt.Sprintf("exceptions[%d]", i)
		if x.Action == core.ActionAllow && len(x.Locations)+len(x.JSONPaths)+len(x.Families)+len(x.Indicators)+len(x.Sources)+len(x.Headers) == 0 && x.Value == "" {
			warn(path, "allows every attack on these requests: name a location or a family and use action skip, or name sources")
		}
		if x.Action != core.ActionBlock && x.Expires == "" && x.Reason == "" {
			warn(path, "has neither reason nor expires: nobody will dare to remove it")
		}
	}
	unused(doc, warn)
	return sorted(out)
}

// unenforced reports the keys in use whose tag says that not every wrapper
// acts on them.
func unenforced(v reflect.Value, path string, warn func(string, string, ...any)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		value := v.Field(i)
		if value.IsZero() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		here := name
		if path != "" {
			here = path + "." + name
		}
		if by := f.Tag.Get("enforced"); by != "" {
			warn(here, "enforced by %s only", by)
			continue
		}
		switch value.Kind() {
		case reflect.Struct:
			unenforced(value, here, warn)
		case reflect.Slice:
			for k := range value.Len() {
				if item := value.Index(k); item.Kind() == reflect.Struct {
					unenforced(item, fmt.Sprintf("%s[%d]", here, k), warn)
				}
			}
		}
	}
}

// unused reports names that are defined and never used.
func unused(doc *core.Document, warn func(string, string, ...any)) {
	used := map[string]bool{doc.Defaults.Response: true}
	protections := []*core.Protections{&doc.Defaults.Protections}
	for i := range doc.Assets {
		used[doc.Assets[i].Response] = true
		protections = append(protections, &doc.Assets[i].Protections)
	}
	for i := range doc.Responses {
		if !used[doc.Responses[i].Name] {
			warn(fmt.Sprintf("responses[%d].name", i), "response %q is not used", doc.Responses[i].Name)
		}
	}
	lists := map[string]bool{}
	note := func(names []string) {
		for _, name := range names {
			lists[name] = true
		}
	}
	for _, p := range protections {
		note(p.Addresses.Allow)
		note(p.Addresses.Deny)
	}
	for i := range doc.Exceptions {
		note(doc.Exceptions[i].Sources)
	}
	note(doc.Source.TrustedProxies)
	for i := range doc.AddressLists {
		if !lists[doc.AddressLists[i].Name] {
			warn(fmt.Sprintf("addressLists[%d].name", i), "address list %q is not used", doc.AddressLists[i].Name)
		}
	}
}

// shadows reports exceptions that an earlier one makes useless: it has the same
// or a stronger action, does not expire earlier, and holds wherever they do.
func shadows(doc *core.Document, at positions) []Problem {
	var out []Problem
	for i := range doc.Exceptions {
		for k := range i {
			if covers(&doc.Exceptions[k], &doc.Exceptions[i]) {
				out = append(out, at.problem(fmt.Sprintf("exceptions[%d]", i),
					fmt.Sprintf("%q has no effect: %q holds wherever it does", doc.Exceptions[i].ID, doc.Exceptions[k].ID)))
				break
			}
		}
	}
	return out
}

// rank orders actions as the engine does.
func rank(action string) int {
	switch action {
	case core.ActionBlock:
		return 0
	case core.ActionAllow:
		return 1
	case core.ActionLogOnly:
		return 3
	}
	return 2
}

// covers says whether a makes b useless. It compares words, not what patterns
// mean, so it never errs by saying yes.
func covers(a, b *core.Exception) bool {
	if rank(a.Action) > rank(b.Action) || a.Value != "" && a.Value != b.Value || expiry(a).Before(expiry(b)) {
		return false
	}
	wider := func(a, b []string) bool {
		if len(a) == 0 {
			return true
		}
		set := map[string]bool{}
		for _, s := range a {
			set[s] = true
		}
		for _, s := range b {
			if !set[s] {
				return false
			}
		}
		return len(b) > 0
	}
	if len(a.JSONPaths) > 0 && len(a.Locations) > 0 {
		return reflect.DeepEqual(a.JSONPaths, b.JSONPaths) && reflect.DeepEqual(a.Locations, b.Locations) && sameRest(a, b, wider)
	}
	places := wider(a.Locations, b.Locations) && (len(a.Locations) == 0 || len(b.JSONPaths) == 0)
	paths := wider(a.JSONPaths, b.JSONPaths) && (len(a.JSONPaths) == 0 || len(b.Locations) == 0)
	return places && paths && sameRest(a, b, wider)
}

func sameRest(a, b *core.Exception, wider func(a, b []string) bool) bool {
	for _, h := range a.Headers {
		found := false
		for _, g := range b.Headers {
			found = found || strings.EqualFold(h.Name, g.Name) && (h.Value == "" || h.Value == g.Value)
		}
		if !found {
			return false
		}
	}
	return wider(a.Assets, b.Assets) && wider(a.Paths, b.Paths) && wider(a.Methods, b.Methods) &&
		wider(a.Families, b.Families) && wider(a.Indicators, b.Indicators) && wider(a.Sources, b.Sources)
}

// expiry is when an exception expires; one that does not, far in the future.
func expiry(x *core.Exception) time.Time {
	if t, err := core.ParseExpiry(x.Expires); err == nil {
		return t
	}
	return time.Unix(1<<40, 0)
}
