package delivery_test

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

// TestSidecarAnswers has the answers of a sidecar that is not one of ours; that
// of ours is tested in sidecar/api.
func TestSidecarAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string // of the error
	}{
		"none":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "embedded model"},
		"token":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, "status 401"},
		"redirect":   {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, "redirect"},
		"signature":  {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(delivery.SignatureHeader, "!") }, "base64"},
		"cut off":    {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "9") }, "EOF"},
		"unchanged":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, ""},
		"not signed": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("archive")) }, ""},
	} {
		server := httptest.NewServer(c.answer)
		s, err := delivery.NewSidecar(server.URL, "")
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := s.Fetch(t.Context(), "")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
		if errors.Is(err, fs.ErrNotExist) != (name == "none") {
			t.Errorf("%s: %v", name, err)
		}
		if name == "not signed" {
			trust := delivery.Trust{AllowUnsigned: true}
			if _, err := trust.Open(p); !errors.Is(err, delivery.ErrUnsigned) {
				t.Error(err)
			}
		}
		server.Close()
	}
}

// TestSidecarBound reads no more than a model may have.
func TestSidecarBound(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Error(r.Header)
		}
		w.Header().Set(delivery.SignatureHeader, base64.StdEncoding.EncodeToString([]byte("x")))
		block := make([]byte, 1<<20)
		for range 2 * models.MaxFile >> 20 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	s, err := delivery.NewSidecar(server.URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := s.Fetch(t.Context(), "")
	if err != nil || len(p.Archive) != models.MaxFile+1 {
		t.Fatal(err)
	}
	if _, err := (&delivery.Trust{}).Open(p); err == nil || !strings.Contains(err.Error(), "more than 16777216 bytes") {
		t.Error(err)
	}
}
