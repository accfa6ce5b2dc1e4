package ask

import (
	"encoding/pem"
	"errors"
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
