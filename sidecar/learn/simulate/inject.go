package simulate

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/augment"
)

// inject puts a payload in the place of one value of a random request of the
// stream. It reports false when it found none that has parameters.
func (p *player) inject(payload string) (core.Request, bool) {
	for range 200 {
		q := p.requests[p.r.IntN(len(p.requests))]
		path, query, found := strings.Cut(q.URI, "?")
		if found && query != "" {
			if fields, ok := p.fields(query, payload); ok {
				q.URI = path + "?" + fields
				return q, true
			}
		}
		if len(q.Body) == 0 || len(q.Body) > 64<<10 {
			continue
		}
		body := bytes.TrimSpace(q.Body)
		if len(body) > 0 && body[0] == '{' {
			if out, ok := p.json(body, payload); ok {
				q.Body = out
				return q, true
			}
		} else if fields, ok := p.fields(string(body), payload); ok {
			q.Body = []byte(fields)
			return q, true
		}
	}
	return core.Request{}, false
}

// fields replaces the value of one field of a form.
func (p *player) fields(form, payload string) (string, bool) {
	list := strings.Split(form, "&")
	if len(list) > 100 {
		return "", false
	}
	for range 10 {
		i := p.r.IntN(len(list))
		name, _, found := strings.Cut(list[i], "=")
		if found && name != "" && len(name) < 60 && !strings.ContainsAny(name, " \n\"{<") {
			list[i] = name + "=" + url.QueryEscape(payload)
			return strings.Join(list, "&"), true
		}
	}
	return "", false
}

// json replaces one string, number or truth value of a document.
func (p *player) json(body []byte, payload string) ([]byte, bool) {
	var doc any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&doc) != nil {
		return nil, false
	}
	leaves := 0
	doc = replaceLeaf(doc, -1, &leaves, payload)
	if leaves == 0 {
		return nil, false
	}
	target, at := p.r.IntN(leaves), 0
	doc = replaceLeaf(doc, target, &at, payload)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(doc) != nil {
		return nil, false
	}
	return bytes.TrimSpace(out.Bytes()), true
}

// replaceLeaf walks a document in a fixed order, counts its leaves and
// replaces one of them.
func replaceLeaf(v any, target int, at *int, payload string) any {
	switch x := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(x) {
			x[k] = replaceLeaf(x[k], target, at, payload)
		}
		return x
	case []any:
		for i := range x {
			x[i] = replaceLeaf(x[i], target, at, payload)
		}
		return x
	case nil:
		return v
	}
	*at++
	if *at-1 == target {
		return payload
	}
	return v
}

// disguise rewrites an attack so that its effect stays (models/augment).
func (p *player) disguise(a Attack) string { return augment.Attack(p.r, a.Payload, a.Family) }

// probe cuts an attack down to its first 4 to 12 bytes: what is tried first, to
// see what breaks. It is weak evidence by construction.
func (p *player) probe(a Attack) string {
	n := min(len(a.Payload), 4+p.r.IntN(9))
	return a.Payload[:n]
}

// against counts n changed attacks at endpoints that the profile knows well.
func (p *player) against(n int, change func(Attack) string) Rates {
	var r Rates
	if p.profile == nil || len(p.attacks) == 0 {
		return r
	}
	for range 20 * n {
		q, ok := p.inject(change(p.attacks[p.r.IntN(len(p.attacks))]))
		if !ok || r.Attacks == n {
			break
		}
		host := ""
		for _, h := range q.Headers {
			if strings.EqualFold(h.Name, "host") {
				host = h.Value
			}
		}
		path, _, _ := strings.Cut(q.URI, "?")
		if w := p.profile.Place([]byte(host), []byte(q.Method), []byte(path)); !w.Mature() {
			continue
		}
		r.Attacks++
		if p.base.Inspect(&q).Action == core.Block {
			r.Alone++
		}
		if p.engine.Inspect(&q).Action == core.Block {
			r.Detected++
		}
	}
	return r
}
