package policy

import (
	"fmt"
	"reflect"
	"strings"

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
	counted(doc, warn)
	unused(doc, warn)
	return sorted(out)
}

// counted reports places in JSON with a number for a step. The engine does not
// count the elements of arrays, so that these are never meant by it.
func counted(doc *core.Document, warn func(string, string, ...any)) {
	report := func(path, steps, instead string) {
		for step := range strings.SplitSeq(strings.ReplaceAll(steps, `\.`, ""), ".") {
			if step != "" && strings.Trim(step, "0123456789") == "" {
				warn(path, "step %s is a key of that name, never an element of an array, which has no number here: %s", step, instead)
			}
		}
	}
	places := func(path string, in []string) {
		for i, text := range in {
			if steps, ok := strings.CutPrefix(text, "body.json."); ok {
				steps, _, _ = strings.Cut(steps, "#") // the decode chain
				report(fmt.Sprintf("%s[%d]", path, i), steps, "leave it out")
			}
		}
	}
	for i := range doc.Exceptions {
		for k, text := range doc.Exceptions[i].JSONPaths {
			report(fmt.Sprintf("exceptions[%d].jsonPaths[%d]", i, k), text, "write # for each")
		}
		places(fmt.Sprintf("exceptions[%d].locations", i), doc.Exceptions[i].Locations)
	}
	places("logging.redact", doc.Logging.Redact)
	places("learning.exclude", doc.Learning.Exclude)
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
