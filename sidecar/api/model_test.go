package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// TestModel takes the model from the sidecar as a wrapper does, and sees it
// change.
func TestModel(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	trust := signer.Trust(t)
	open := func(archive []byte) *delivery.Model {
		m, err := trust.Open(&delivery.Package{Archive: archive, Signature: signer.Sign(archive)})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	var current *delivery.Model
	base := serve(t, "0123456789abcdef", Model(func() *delivery.Model { return current }))
	if source, err := delivery.NewSidecar(base, "wrong"); err != nil {
		t.Fatal(err)
	} else if _, _, err := source.Fetch(t.Context(), ""); err == nil {
		t.Error("served without the token")
	}
	source, err := delivery.NewSidecar(base, "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	used := ""
	h := delivery.NewHolder(trust, func(m *delivery.Model) error { used = m.Report.Model; return nil })
	if err := h.Follow(t.Context(), source); err != nil || used != "" {
		t.Error(used, err)
	}
	current = open(deliverytest.Archive(t, "2.0.0"))
	if err := h.Reload(t.Context()); err != nil || used != "basic 2.0.0" || h.Current().Digest != current.Digest {
		t.Error(used, err)
	}
	p, stamp, err := source.Fetch(t.Context(), "")
	if err != nil || p.Local {
		t.Fatal(err)
	}
	if p, _, err := source.Fetch(t.Context(), stamp); p != nil || err != nil {
		t.Error("fetched again:", err)
	}
	current = open(deliverytest.Archive(t, "2.0.1"))
	if p, _, err := source.Fetch(t.Context(), stamp); p == nil || err != nil {
		t.Error("not fetched:", err)
	}
}

// TestModelHead answers HEAD and the ETag without the archive.
func TestModelHead(t *testing.T) {
	m := &delivery.Model{Package: &delivery.Package{Archive: []byte("archive"), Signature: []byte("s")}, Digest: "d", Signer: "k"}
	h := New("", Model(func() *delivery.Model { return m }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("HEAD", "/v1/model", nil))
	if w.Code != http.StatusOK || w.Body.Len() > 0 || w.Header().Get("ETag") != `"d-k"` || w.Header().Get(delivery.SignatureHeader) != "cw==" {
		t.Error(w.Code, w.Header())
	}
}

// TestModelFollowsTheDocument checks the answers against openapi.yaml.
func TestModelFollowsTheDocument(t *testing.T) {
	doc := document(t)
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/gzip", openapi3filter.FileBodyDecoder)
	m := &delivery.Model{Package: &delivery.Package{Archive: []byte("archive"), Signature: []byte("s")}, Digest: "d", Signer: "k"}
	for tag, c := range map[string]struct {
		m      *delivery.Model
		status int
	}{"": {m, 200}, `"d-k"`: {m, 304}, `"none"`: {nil, 404}} {
		req := httptest.NewRequest("GET", "/v1/model", nil)
		req.Header.Set("If-None-Match", tag)
		route, params, err := router.FindRoute(req)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		New("", Model(func() *delivery.Model { return c.m })).ServeHTTP(w, req)
		in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
		out := (&openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header(),
			Options: &openapi3filter.Options{IncludeResponseStatus: true}}).SetBodyBytes(w.Body.Bytes())
		if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil || w.Code != c.status {
			t.Errorf("%d %s: %v", w.Code, w.Body, err)
		}
	}
}
