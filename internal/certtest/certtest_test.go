package certtest

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestMutualTLS checks that both ends accept each other, and that a client of
// another authority, or without a certificate, is refused.
func TestMutualTLS(t *testing.T) {
	a, other := New(t), New(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	server.TLS = a.Server()
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of refused clients
	server.StartTLS()
	defer server.Close()
	stranger := other.Client(true)
	stranger.RootCAs = a.Pool()
	for name, c := range map[string]struct {
		cfg *tls.Config
		ok  bool
	}{
		"known":                 {a.Client(true), true},
		"without a certificate": {a.Client(false), false},
		"of another authority":  {stranger, false},
		"that trusts another":   {other.Client(true), false},
	} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: c.cfg, DisableKeepAlives: true}}
		res, err := client.Get(server.URL)
		if (err == nil) != c.ok {
			t.Errorf("a client %s: %v", name, err)
		}
		if err != nil {
			continue
		}
		name, err := io.ReadAll(res.Body)
		if res.Body.Close(); err != nil || string(name) != "client" {
			t.Errorf("the server sees %q, %v", name, err)
		}
	}
}
