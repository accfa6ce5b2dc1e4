package learn

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// operation describes the endpoints of one method of a route. Of several
// endpoints it has all parameters, and the maturity and the sources of the one
// that has most: their sources may be the same, so they cannot be added.
func (l *Learner) operation(r *route, o *endpoints) *openapi3.Operation {
	op := openapi3.NewOperation()
	op.Responses = openapi3.NewResponses(openapi3.WithName("default", openapi3.NewResponse().WithDescription("answers are not learned")))
	maturity, sources := 0, 0
	var templates []string
	own := segmentsOf(o.entries[0].template) // of this method alone
	for _, t := range o.entries {
		maturity, sources = max(maturity, t.progress(&l.cfg).Percent), max(sources, t.sources())
		templates = append(templates, t.template)
		widen(own, segmentsOf(t.template))
	}
	op.Extensions = map[string]any{"x-glacis-maturity": maturity, "x-glacis-sources": sources}
	if len(templates) > 1 {
		op.Extensions["x-glacis-templates"] = templates
	}
	for i := range r.segments {
		if name := r.variable(i); name != "" {
			op.AddParameter(openapi3.NewPathParameter(name).WithSchema(kindsSchema(own[i].kinds)))
		}
	}
	content := make(openapi3.Content)
	for _, location := range slices.Sorted(maps.Keys(o.params)) {
		schema := described(location, o.params[location]...)
		if name, ok := strings.CutPrefix(location, "query."); ok {
			op.AddParameter(openapi3.NewQueryParameter(name).WithSchema(schema))
		} else if kind, name, ok := bodyField(location); ok {
			if content[kind] == nil {
				content[kind] = openapi3.NewMediaType().WithSchema(openapi3.NewObjectSchema())
			}
			nest(content[kind].Schema.Value, strings.Split(name, "."), schema)
		}
	}
	if len(content) > 0 {
		op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithContent(content)}
	}
	return op
}

// bodyField tells the media type and the name of a field of a body.
func bodyField(location string) (media, name string, ok bool) {
	for prefix, media := range map[string]string{"body.json.": "application/json", "body.form.": "application/x-www-form-urlencoded",
		"body.multipart.": "multipart/form-data", "body.xml.": "application/xml"} {
		if name, found := strings.CutPrefix(location, prefix); found {
			return media, name, true
		}
	}
	return "", "", false
}

// nest puts a field's schema where its path says.
func nest(in *openapi3.Schema, path []string, schema *openapi3.Schema) {
	for len(path) > 1 {
		if in.Properties == nil {
			in.Properties = make(openapi3.Schemas)
		}
		next := in.Properties[path[0]]
		if next == nil || next.Value.Properties == nil && !next.Value.Type.Is("object") {
			next = openapi3.NewObjectSchema().NewRef()
			in.Properties[path[0]] = next
		}
		in, path = next.Value, path[1:]
	}
	if in.Properties[path[0]] == nil {
		in.WithProperty(path[0], schema)
	}
}
