package api

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// TestTables asks for tables, checks the answers against openapi.yaml, the
// signature, and that an engine takes them.
func TestTables(t *testing.T) {
	key, err := signing.LoadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	doc := document(t)
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/vnd.glacis.model", openapi3filter.FileBodyDecoder)
	sound := &delivery.Model{Package: &delivery.Package{Archive: deliverytest.Archive(t, "7.0.0")}, Digest: "d", Signer: "k"}
	torn := &delivery.Model{Package: &delivery.Package{Archive: []byte("archive")}, Digest: "d", Signer: "k"}
	for _, c := range []struct {
		m      *delivery.Model
		sign   func([]byte) string
		known  string
		status int
	}{{sound, key.SignModel, "", 200}, {sound, nil, `"old"`, 200}, {sound, key.SignModel, `"d-k"`, 304}, {nil, nil, `"d-k"`, 404}, {torn, nil, "", 500}} {
		req := httptest.NewRequest("GET", "/v1/model/tables", nil)
		req.Header.Set("If-None-Match", c.known)
		route, params, err := router.FindRoute(req)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		New("", Tables(func() *delivery.Model { return c.m }, c.sign)).ServeHTTP(w, req)
		in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
		out := (&openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header(),
			Options: &openapi3filter.Options{IncludeResponseStatus: true}}).SetBodyBytes(w.Body.Bytes())
		if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil || w.Code != c.status {
			t.Errorf("%d, want %d: %v", w.Code, c.status, err)
		}
		if w.Code != 200 {
			continue
		}
		if m, err := model.Load(w.Body.Bytes()); err != nil || m.Name() != "basic 7.0.0" {
			t.Error(err)
		}
		if err := key.Public().VerifyModel(w.Body.Bytes(), w.Header().Get(SignatureHeader)); (err == nil) != (c.sign != nil) {
			t.Error("signature:", err)
		}
	}
}
