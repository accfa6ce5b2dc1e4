package api

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/glacis-waf/glacis/gateway"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// Every route stands in the document, and every path of it is served.
func TestDocumentIsComplete(t *testing.T) {
	service, _ := newService(t, gateway.Settings{}, nil)
	var h Health
	routes := append(h.Routes(), Inspect(service), Policy(service, nil), OpenAPI(), Metrics(service.Metrics().Registry))
	routes = append(routes, (&Learning{events: NewEvents(nil)}).Routes()...)
	routes = append(routes, Model(nil), Tables(nil, nil), Shadow(nil), Status(nil))
	documented := map[string]bool{}
	for path, item := range document(t).Paths.Map() {
		for method := range item.Operations() {
			documented[method+" "+path] = true
		}
	}
	for _, r := range routes {
		if !documented[r.Pattern] {
			t.Errorf("%s is not in openapi.yaml", r.Pattern)
		}
		delete(documented, r.Pattern)
		method, path, _ := strings.Cut(r.Pattern, " ")
		if op := document(t).Paths.Find(path).GetOperation(method); access(op, document(t)) != roleOf(&r) {
			t.Errorf("%s: the document says %s, the route is for %s", r.Pattern, access(op, document(t)), roleOf(&r))
		}
	}
	for _, r := range Authz(service) {
		if !documented["GET "+r.Prefix] {
			t.Errorf("%s is not in openapi.yaml", r.Prefix)
		}
		delete(documented, "GET "+r.Prefix)
	}
	for name := range documented {
		t.Errorf("openapi.yaml has %s, which nobody serves", name)
	}
}

// What the handlers answer is what the document says.
func TestAnswersFollowTheDocument(t *testing.T) {
	doc := document(t)
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/yaml", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/http", openapi3filter.FileBodyDecoder)
	service, _ := newService(t, gateway.Settings{}, nil)
	var h Health
	handler := New("", append(h.Routes(), Inspect(service), Policy(service, nil), OpenAPI(), Metrics(service.Metrics().Registry), Status(sampleStatus), Shadow(sampleShadow))...)
	type call struct{ name, method, target, kind, body string }
	calls := []call{{"health", "GET", "/healthz", "", ""}, {"not ready", "GET", "/readyz", "", ""}, {"metrics", "GET", "/metrics", "", ""},
		{"document", "GET", "/v1/openapi.yaml", "", ""}, {"status", "GET", "/v1/status", "", ""}, {"shadow", "GET", "/v1/model/shadow", "", ""}}
	for _, c := range inspectCases(t) {
		calls = append(calls, call{c.Name, "POST", "/v1/inspect" + c.Query, c.Type, c.Body})
	}
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			req := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
			req.Header.Set("Content-Type", c.kind)
			route, params, err := router.FindRoute(req)
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, req)
			in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
			out := (&openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header(),
				Options: &openapi3filter.Options{IncludeResponseStatus: true}}).SetBodyBytes(w.Body.Bytes())
			if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
				t.Errorf("%d %s: %v", w.Code, w.Body, err)
			}
		})
	}
}

func TestDocumentIsServed(t *testing.T) {
	w := httptest.NewRecorder()
	New("", OpenAPI()).ServeHTTP(w, httptest.NewRequest("GET", "/v1/openapi.yaml", nil))
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), openAPI) {
		t.Error(w.Code, w.Body)
	}
}
