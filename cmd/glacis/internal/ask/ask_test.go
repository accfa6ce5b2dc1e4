package ask

import (
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Authorization") != "Bearer s3cret":
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"detail":"This sidecar wants its token."}`))
	case r.Method == "POST":
		if data, _ := io.ReadAll(r.Body); string(data) != "yes" || r.Header.Get("Content-Type") != "text/plain" {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
	case r.URL.Path == "/text":
		_, _ = w.Write([]byte("no JSON"))
	default:
		_, _ = w.Write([]byte(`{"at":"` + r.RequestURI + `"}`))
	}
}

// TestGet asks over TCP, TLS and a unix socket.
func TestGet(t *testing.T) {
	plain, secure := httptest.NewServer(http.HandlerFunc(answer)), httptest.NewTLSServer(http.HandlerFunc(answer))
	defer plain.Close()
	defer secure.Close()
	dir := t.TempDir()
	ca, socket := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "s.sock")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	local := &http.Server{Handler: http.HandlerFunc(answer)}
	defer local.Close()
	go func() { _ = local.Serve(l) }()
	for _, address := range []string{plain.URL, plain.Listener.Addr().String(), secure.URL, "unix:" + socket} {
		c, err := New(address, Options{Token: "s3cret", CA: ca})
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ At string }
		if err := c.Get(t.Context(), "/v1/x?y=1", &got); err != nil || got.At != "/v1/x?y=1" {
			t.Errorf("%s: %v %v", address, got, err)
		}
	}
}

func TestGetErrors(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answer))
	defer server.Close()
	stranger, err := New(server.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var status *StatusError
	if err := stranger.Get(t.Context(), "/", nil); !errors.As(err, &status) || err.Error() != "answer 401 Unauthorized: This sidecar wants its token." {
		t.Error(err)
	}
	friend, err := New(server.URL, Options{Token: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	if err := friend.Get(t.Context(), "/text", &struct{}{}); err == nil || !strings.Contains(err.Error(), "answer of /text") {
		t.Error(err)
	}
	for address, o := range map[string]Options{"ftp://h": {}, "http://": {}, "https://h": {CA: "nowhere"}, "https://g": {Cert: "x"}, "https://f": {Cert: "x", Key: "y"}} {
		if _, err := New(address, o); err == nil {
			t.Errorf("%s %+v: no error", address, o)
		}
	}
}

// TestPost sends a body and reads answers that are no JSON.
func TestPost(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answer))
	defer server.Close()
	c, err := New(server.URL, Options{Token: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Post(t.Context(), "/", "text/plain", []byte("yes")); err != nil {
		t.Error(err)
	}
	var status *StatusError
	if err := c.Post(t.Context(), "/", "text/plain", []byte("no")); !errors.As(err, &status) || status.Status != 422 {
		t.Error(err)
	}
	if text, err := c.Text(t.Context(), "/text"); err != nil || string(text) != "no JSON" {
		t.Errorf("%q %v", text, err)
	}
}
