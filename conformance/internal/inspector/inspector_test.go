package inspector

import (
	"net/http"
	"path/filepath"
	"testing"
)

// TestStart: the sidecar answers at a port of its own choice, and wants its
// token.
func TestStart(t *testing.T) {
	socket := "unix:" + filepath.Join(t.TempDir(), "s.sock")
	addresses := Start(t, Options{HTTP: []string{"127.0.0.1:0", socket}, GRPC: []string{"127.0.0.1:0"}, Token: "a token of this test"})
	if len(addresses) != 3 || addresses[1] != socket {
		t.Fatalf("addresses %q", addresses)
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/readyz", http.StatusOK},
		{http.MethodPost, "/v1/inspect", http.StatusUnauthorized},
	} {
		req, err := http.NewRequest(c.method, "http://"+addresses[0]+c.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.want {
			t.Errorf("%s: status %d, want %d", c.path, res.StatusCode, c.want)
		}
	}
}
