package learn

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// inventory has traffic of ten networks in two windows and returns the document
// as a reader of OpenAPI has it, who must find it valid.
func inventory(t *testing.T, traffic []request) *openapi3.T {
	t.Helper()
	s := newSite(t, Config{})
	for range 2 {
		for n := range 10 {
			for _, r := range traffic {
				r.address = user(n)
				s.send(r)
			}
		}
		s.tick()
	}
	return document(t, s)
}

// document is the inventory of the site as a reader of OpenAPI finds it: valid.
func document(t *testing.T, s *site) *openapi3.T {
	t.Helper()
	doc, err := s.l.OpenAPI("shop")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	read, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Validate(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return read
}

// TestOpenAPIRoutes checks, case by case, that templates which OpenAPI takes for
// one path are one, and that the others stay apart.
func TestOpenAPIRoutes(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "openapi_routes.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name string
		// Requests are methods and paths, Want the paths of the document with their
		// methods.
		Requests [][2]string
		Want     map[string][]string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			var traffic []request
			for _, r := range c.Requests {
				traffic = append(traffic, request{method: r[0], path: r[1]})
			}
			doc := inventory(t, traffic)
			if doc.Paths.Len() != len(c.Want) {
				t.Errorf("paths %q", doc.Paths.Keys())
			}
			for path, want := range c.Want {
				item := doc.Paths.Value(path)
				if item == nil {
					t.Fatalf("no %s in %q", path, doc.Paths.Keys())
				}
				var got []string
				for method := range item.Operations() {
					got = append(got, method)
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("%s has %q, want %q", path, got, want)
				}
			}
		})
	}
}

// TestOpenAPIMerges checks what one operation of two templates says: the kinds
// of its own variables, the parameters of both, and types that suit both.
func TestOpenAPIMerges(t *testing.T) {
	doc := inventory(t, []request{
		{path: "/users/42", param: "page", value: "7"},
		{path: "/users/42", param: "only", value: "8"},
		{path: "/users/deadbeef01", param: "page", value: "last"},
		{path: "/users/42", method: "DELETE"},
	})
	item := doc.Paths.Value("/users/{id2}")
	get, remove := item.Get.Parameters, item.Delete.Parameters
	id := get.GetByInAndName("path", "id2").Schema.Value
	if len(id.AnyOf) != 2 || id.AnyOf[0].Value.Pattern == "" || !id.AnyOf[1].Value.Type.Is("integer") {
		t.Errorf("GET: id2 %+v", id)
	}
	if id := remove.GetByInAndName("path", "id2").Schema.Value; !id.Type.Is("integer") {
		t.Errorf("DELETE, which only numbers had: id2 %+v", id)
	}
	if page := get.GetByInAndName("query", "page").Schema.Value; !page.Type.Is("string") {
		t.Errorf("page, a number here and a word there: %+v", page.Type)
	}
	if only := get.GetByInAndName("query", "only"); only == nil || !only.Schema.Value.Type.Is("integer") || remove.GetByInAndName("query", "only") != nil {
		t.Errorf("only: %+v", only)
	}
	if x, ok := item.Get.Extensions["x-glacis-templates"].([]any); !ok || !slices.Equal(x, []any{"/users/{hex}", "/users/{number}"}) || item.Delete.Extensions["x-glacis-templates"] != nil {
		t.Errorf("templates %v and %v", item.Get.Extensions, item.Delete.Extensions)
	}
}

// TestOpenAPICookies checks that the cookies of the application are parameters
// of its paths.
func TestOpenAPICookies(t *testing.T) {
	doc := inventory(t, []request{{path: "/cart", location: "cookie.session", value: "x"}, {path: "/list", location: "cookie.per page", value: "20"}})
	for _, path := range []string{"/cart", "/list"} {
		all := doc.Paths.Value(path).Parameters
		session, page := all.GetByInAndName("cookie", "session"), all.GetByInAndName("cookie", "per page")
		if session == nil || session.Schema.Value.Extensions["x-glacis-sensitive"] != "credential" || page == nil || !page.Schema.Value.Type.Is("integer") {
			t.Errorf("%s: %+v %+v", path, session, page)
		}
	}
}

// TestOpenAPIBodies checks that an endpoint which takes both JSON and forms says
// so, each with its own fields.
func TestOpenAPIBodies(t *testing.T) {
	doc := inventory(t, []request{{method: "POST", path: "/order", location: "body.json.user.name", value: "ann"}, {method: "POST", path: "/order", location: "body.form.count", value: "3"}})
	content := doc.Paths.Value("/order").Post.RequestBody.Value.Content
	if len(content) != 2 {
		t.Fatalf("%+v", content)
	}
	object := content["application/json"].Schema.Value.Properties
	form := content["application/x-www-form-urlencoded"].Schema.Value.Properties
	if object["user"].Value.Properties["name"] == nil || object["count"] != nil || !form["count"].Value.Type.Is("integer") || form["user"] != nil {
		t.Errorf("%+v %+v", object, form)
	}
}
