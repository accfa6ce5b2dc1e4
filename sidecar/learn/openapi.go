package learn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/glacis-waf/glacis/core/profile"
)

// OpenAPI returns what was learned of an asset as an OpenAPI 3.1 document: the
// inventory of its endpoints. Parameters that look sensitive carry
// "x-glacis-sensitive" with the reason.
func (l *Learner) OpenAPI(name string) (*openapi3.T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.assets[name]
	if a == nil {
		return nil, fmt.Errorf("inventory: there is no asset %q", name)
	}
	doc := &openapi3.T{OpenAPI: "3.1.0", Paths: openapi3.NewPaths(), Info: &openapi3.Info{
		Title: name, Version: fmt.Sprint(l.generation), Description: "Learned by Glacis from traffic; see docs/learning.md for what that means."}}
	type place struct{ method, template string }
	params := make(map[place][]*entry)
	for _, t := range a.entries {
		if t.admitted && t.location != "" && t.template != "" {
			params[place{t.method, t.template}] = append(params[place{t.method, t.template}], t)
		}
	}
	for _, t := range a.sorted() {
		if !t.admitted || t.location != "" || !methods[t.method] {
			continue
		}
		list := params[place{t.method, t.template}]
		slices.SortFunc(list, func(a, b *entry) int { return cmp.Compare(a.location, b.location) })
		path, op := l.operation(t, list)
		at := doc.Paths.Value(path)
		if at == nil {
			at = &openapi3.PathItem{}
			doc.Paths.Set(path, at)
		}
		at.SetOperation(t.method, op)
	}
	return doc, nil
}

// methods are those that OpenAPI knows.
var methods = map[string]bool{"GET": true, "PUT": true, "POST": true, "DELETE": true, "OPTIONS": true, "HEAD": true, "PATCH": true, "TRACE": true}

// sorted lists the entries by template, method and location.
func (a *asset) sorted() []*entry {
	list := make([]*entry, 0, len(a.entries))
	for _, t := range a.entries {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.template, b.template), cmp.Compare(a.method, b.method), cmp.Compare(a.location, b.location))
	})
	return list
}

// operation describes one endpoint.
func (l *Learner) operation(t *entry, params []*entry) (string, *openapi3.Operation) {
	op := openapi3.NewOperation()
	op.Responses = openapi3.NewResponses(openapi3.WithName("default", openapi3.NewResponse().WithDescription("answers are not learned")))
	op.Extensions = map[string]any{"x-glacis-maturity": t.progress(&l.cfg).Percent, "x-glacis-sources": t.sources()}
	path := ""
	for i, s := range strings.Split(strings.TrimPrefix(t.template, "/"), "/") {
		path += "/"
		if !strings.HasPrefix(s, "{") {
			path += s
			continue
		}
		name := fmt.Sprintf("%s%d", strings.Trim(s, "{}"), i+1)
		path += "{" + name + "}"
		schema := openapi3.NewStringSchema()
		if s == "{number}" {
			schema = openapi3.NewIntegerSchema()
		}
		op.AddParameter(openapi3.NewPathParameter(name).WithSchema(schema))
	}
	body := openapi3.NewObjectSchema()
	media := ""
	for _, p := range params {
		schema, reason := p.schema(), sensitive(p.location)
		if reason != "" {
			schema.Extensions = map[string]any{"x-glacis-sensitive": reason}
		}
		if name, ok := strings.CutPrefix(p.location, "query."); ok {
			op.AddParameter(openapi3.NewQueryParameter(name).WithSchema(schema))
		} else if kind, name, ok := bodyField(p.location); ok {
			media = kind
			nest(body, strings.Split(name, "."), schema)
		}
	}
	if media != "" {
		content := openapi3.Content{media: openapi3.NewMediaType().WithSchema(body)}
		op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithContent(content)}
	}
	return path, op
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

// schema describes a parameter by the types that enough sources sent.
func (t *entry) schema() *openapi3.Schema {
	types := uint64(0)
	for i := range t.periods {
		types |= set(t.periods[i].types[:], admission)
	}
	only := func(all ...profile.Type) bool {
		rest := types
		for _, x := range all {
			rest &^= 1 << x
		}
		return types != 0 && rest == 0
	}
	switch {
	case only(profile.Int):
		return openapi3.NewIntegerSchema()
	case only(profile.Int, profile.Float):
		return openapi3.NewFloat64Schema()
	case only(profile.UUIDValue):
		return openapi3.NewUUIDSchema()
	case only(profile.Date):
		return openapi3.NewStringSchema().WithFormat("date")
	case only(profile.Email):
		return openapi3.NewStringSchema().WithFormat("email")
	case only(profile.URL):
		return openapi3.NewStringSchema().WithFormat("uri")
	}
	return openapi3.NewStringSchema()
}

// sensitive says why a parameter's name looks as if its values were secret or
// personal, "" if it does not. It is a hint from the name alone.
func sensitive(location string) string {
	name := strings.ToLower(location[strings.LastIndexByte(location, '.')+1:])
	for _, s := range []struct{ part, reason string }{
		{"passw", "credential"}, {"pwd", "credential"}, {"secret", "credential"}, {"token", "credential"}, {"apikey", "credential"}, {"api_key", "credential"},
		{"session", "credential"}, {"auth", "credential"}, {"pin", "credential"}, {"otp", "credential"}, {"card", "payment"}, {"cvv", "payment"}, {"cvc", "payment"}, {"iban", "payment"}, {"account", "payment"},
		{"mail", "personal"}, {"phone", "personal"}, {"birth", "personal"}, {"ssn", "personal"}, {"dni", "personal"}, {"address", "personal"}, {"surname", "personal"}, {"lastname", "personal"}, {"firstname", "personal"},
	} {
		if len(s.part) <= 3 && name == s.part || len(s.part) > 3 && strings.Contains(name, s.part) {
			return s.reason
		}
	}
	return ""
}
