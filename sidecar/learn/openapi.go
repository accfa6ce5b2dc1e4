package learn

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// OpenAPI returns what was learned of an asset as an OpenAPI 3.1 document: the
// inventory of its endpoints. Parameters that look sensitive carry
// "x-glacis-sensitive" with the reason. Templates that differ only in the kinds
// of their variables are one path, as OpenAPI has it; cookies, which belong to
// the application, are components that every path refers to.
func (l *Learner) OpenAPI(name string) (*openapi3.T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.assets[name]
	if a == nil {
		return nil, fmt.Errorf("inventory: there is no asset %q", name)
	}
	doc := &openapi3.T{OpenAPI: "3.1.0", Paths: openapi3.NewPaths(), Info: &openapi3.Info{
		Title: name, Version: fmt.Sprint(l.generation), Description: "Learned by Glacis from traffic; see docs/learning.md for what that means."}}
	cookies := a.cookies(doc)
	for _, r := range a.routes() {
		at := &openapi3.PathItem{Parameters: cookies}
		for _, o := range r.operations {
			at.SetOperation(o.method, l.operation(r, o))
		}
		doc.Paths.Set(r.path(), at)
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

// cookies puts the learned cookies into the components of a document and
// returns references to them. A component is named by its number: a cookie's
// name may hold what the name of a component must not.
func (a *asset) cookies(doc *openapi3.T) openapi3.Parameters {
	var refs openapi3.Parameters
	for _, t := range a.sorted() {
		name, ok := cookieName(t.location)
		if !ok || !t.admitted {
			continue
		}
		if doc.Components == nil {
			doc.Components = &openapi3.Components{Parameters: openapi3.ParametersMap{}}
		}
		id := fmt.Sprintf("cookie%d", len(refs)+1)
		p := openapi3.NewCookieParameter(name).WithSchema(described(t.location, t))
		doc.Components.Parameters[id] = &openapi3.ParameterRef{Value: p}
		refs = append(refs, &openapi3.ParameterRef{Ref: "#/components/parameters/" + id, Value: p})
	}
	return refs
}
