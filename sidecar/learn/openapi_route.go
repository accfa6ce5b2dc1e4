package learn

import (
	"fmt"
	"slices"
	"strings"
)

// route is a path of the inventory: all templates that are equal but for the
// kinds of their variables. OpenAPI takes /users/{number} and /users/{hex} for
// one path and forbids both in a document.
type route struct {
	segments []segment
	// operations are in the order of their methods.
	operations []*endpoints
}

// segment is a literal, or a variable with its kinds: "number", "hex", …
type segment struct {
	literal string
	kinds   []string
}

// endpoints are those of a route that have the same method, in the order of
// their templates, and their parameters by location.
type endpoints struct {
	method  string
	entries []*entry
	params  map[string][]*entry
}

// routes lists the asset's admitted endpoints as routes, by path.
func (a *asset) routes() []*route {
	byShape, list := make(map[string]*route), []*route(nil)
	all := a.sorted()
	for _, t := range all {
		if !t.admitted || t.location != "" || !methods[t.method] {
			continue
		}
		segments := segmentsOf(t.template)
		shape := shapeOf(segments)
		r := byShape[shape]
		if r == nil {
			r = &route{segments: segments}
			byShape[shape] = r
			list = append(list, r)
		}
		r.add(segments, t)
	}
	for _, t := range all {
		if !t.admitted || t.location == "" || t.template == "" {
			continue
		}
		if r := byShape[shapeOf(segmentsOf(t.template))]; r != nil {
			if o := r.operation(t.method); o != nil {
				o.params[t.location] = append(o.params[t.location], t)
			}
		}
	}
	for _, r := range list {
		slices.SortFunc(r.operations, func(a, b *endpoints) int { return strings.Compare(a.method, b.method) })
	}
	return list
}

// add adds an endpoint whose template has the route's shape.
func (r *route) add(segments []segment, t *entry) {
	widen(r.segments, segments)
	o := r.operation(t.method)
	if o == nil {
		o = &endpoints{method: t.method, params: make(map[string][]*entry)}
		r.operations = append(r.operations, o)
	}
	o.entries = append(o.entries, t)
}

// widen adds the kinds of other segments of the same shape.
func widen(segments, others []segment) {
	for i := range segments {
		at := &segments[i]
		for _, kind := range others[i].kinds {
			if !slices.Contains(at.kinds, kind) {
				at.kinds = append(at.kinds, kind)
			}
		}
		slices.Sort(at.kinds)
	}
}

// operation returns the endpoints of a method, nil if there are none.
func (r *route) operation(method string) *endpoints {
	for _, o := range r.operations {
		if o.method == method {
			return o
		}
	}
	return nil
}

// path is the route as OpenAPI writes it.
func (r *route) path() string {
	var b strings.Builder
	for i := range r.segments {
		b.WriteByte('/')
		if name := r.variable(i); name != "" {
			b.WriteString("{" + name + "}")
		} else {
			b.WriteString(r.segments[i].literal)
		}
	}
	return b.String()
}

// variable names the variable at a place, "" for a literal: by its kind if it
// has only one, as in number2, else id2.
func (r *route) variable(i int) string {
	switch kinds := r.segments[i].kinds; len(kinds) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s%d", kinds[0], i+1)
	}
	return fmt.Sprintf("id%d", i+1)
}

// segmentsOf takes a template apart.
func segmentsOf(template string) []segment {
	var out []segment
	for s := range strings.SplitSeq(strings.TrimPrefix(template, "/"), "/") {
		if strings.HasPrefix(s, "{") {
			out = append(out, segment{kinds: []string{strings.Trim(s, "{}")}})
		} else {
			out = append(out, segment{literal: s})
		}
	}
	return out
}

// shapeOf is what templates have in common that are one path.
func shapeOf(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		if s.kinds != nil {
			b.WriteString("{}")
		} else {
			b.WriteString(s.literal)
		}
	}
	return b.String()
}
