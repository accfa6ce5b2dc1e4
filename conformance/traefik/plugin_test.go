package traefik

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
)

// echo answers with what it received: method, target, body length and digest.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	h := sha256.New()
	n, err := io.Copy(h, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("X-Seen-Target", r.RequestURI)
	w.Header().Set("X-Seen-Id", r.Header.Get("X-Request-Id"))
	w.Header().Set("X-Seen-Digest", hex.EncodeToString(h.Sum(nil)))
	w.WriteHeader(http.StatusOK)
	_ = n
})

const attack = "/search?q=1%27%20union%20select%20name,password%20from%20users--%20"

func (i *instance) send(t *testing.T, req *http.Request, host string) *http.Response {
	t.Helper()
	req.URL.Scheme, req.URL.Host, req.Host, req.RequestURI = "http", i.Address, host, ""
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func (i *instance) get(t *testing.T, host, target string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+i.Address+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i.send(t, req, host)
}

func TestModes(t *testing.T) {
	for _, version := range Versions {
		t.Run(version, func(t *testing.T) {
			i := start(t, version, routes(map[string]string{
				"plain":    "",
				"prevent":  "{mode: prevent, engine: embedded, log: all}",
				"embedded": "{mode: embedded, log: all}",
				"detect":   "{mode: detect}",
				"off":      "{mode: 'off'}",
			}), "prevent.test", echo)
			for host, want := range map[string]int{"plain": 200, "prevent": 403, "embedded": 403, "detect": 200, "off": 200} {
				if res := i.get(t, host+".test", "/search?q=lamp"); res.StatusCode != 200 {
					t.Errorf("%s: an honest request got %d", host, res.StatusCode)
				}
				if res := i.get(t, host+".test", attack); res.StatusCode != want {
					t.Errorf("%s: an attack got %d, want %d", host, res.StatusCode, want)
				}
			}
			line := i.out.Await(t, `"event.action":"detect"`)
			for _, part := range []string{`"observer.name":"traefik/embedded"`, `"glacis.family":"sqli"`, `"glacis.location":"query.q"`} {
				if !strings.Contains(line, part) {
					t.Errorf("%s is missing in %s", part, line)
				}
			}
		})
	}
}
