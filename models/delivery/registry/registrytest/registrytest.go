// Package registrytest is an OCI registry (distribution specification 1.1) in
// memory, as far as pushing, pulling and resolving need one, for tests.
package registrytest

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Registry is a registry on a loopback port.
type Registry struct {
	// Host is its host:port.
	Host string
	// User and Password, when set before use, are wanted of everybody.
	User, Password string

	mu        sync.Mutex
	blobs     map[string][]byte
	manifests map[string]manifest // by tag and by digest
	requests  int
}

type manifest struct {
	kind string
	data []byte
}

// New starts a registry that ends with the test.
func New(t testing.TB) *Registry {
	r := &Registry{blobs: map[string][]byte{}, manifests: map[string]manifest{}}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	r.Host = strings.TrimPrefix(s.URL, "http://")
	return r
}

// Requests returns how many requests have come.
func (r *Registry) Requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

// Change lets a test spoil what is stored: f gets every blob and returns what
// is to be served in its place.
func (r *Registry) Change(f func(digest string, blob []byte) []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for digest, blob := range r.blobs {
		r.blobs[digest] = f(digest, blob)
	}
}

// SetManifest stores a manifest under a tag.
func (r *Registry) SetManifest(tag, kind string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := manifest{kind, data}
	r.manifests[tag], r.manifests[digestOf(data)] = m, m
}

// SetBlob stores a blob and returns its digest.
func (r *Registry) SetBlob(data []byte) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.blobs[digestOf(data)] = data
	return digestOf(data)
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ServeHTTP implements http.Handler. Repositories are not told apart.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	if user, password, _ := req.BasicAuth(); user != r.User || password != r.Password {
		w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, name, _ := strings.Cut(req.URL.Path, "/blobs/")
	switch {
	case req.Method == http.MethodPost: // POST …/blobs/uploads/
		w.Header().Set("Location", req.URL.Path+"1")
		w.WriteHeader(http.StatusAccepted)
	case req.Method == http.MethodPut && strings.HasPrefix(name, "uploads/"):
		digest := req.URL.Query().Get("digest")
		if digest != digestOf(body) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.blobs[digest] = body
		w.WriteHeader(http.StatusCreated)
	case name != "":
		blob, ok := r.blobs[name]
		serve(w, req, ok, manifest{"application/octet-stream", blob}, name)
	default:
		_, name, _ = strings.Cut(req.URL.Path, "/manifests/")
		if req.Method == http.MethodPut {
			m := manifest{req.Header.Get("Content-Type"), body}
			r.manifests[name], r.manifests[digestOf(body)] = m, m
			w.Header().Set("Docker-Content-Digest", digestOf(body))
			w.WriteHeader(http.StatusCreated)
			return
		}
		m, ok := r.manifests[name]
		serve(w, req, ok, m, digestOf(m.data))
	}
}

func serve(w http.ResponseWriter, req *http.Request, ok bool, m manifest, digest string) {
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", m.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(m.data)))
	w.Header().Set("Docker-Content-Digest", digest)
	if req.Method == http.MethodGet {
		_, _ = w.Write(m.data)
	}
}
