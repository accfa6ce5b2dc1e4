package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Seen is what the backend got of one request.
type Seen struct {
	Method   string      `json:"method"`
	Target   string      `json:"target"` // as on the wire
	Host     string      `json:"host"`
	Proto    string      `json:"proto"`
	Header   http.Header `json:"header"`
	Trailer  http.Header `json:"trailer"`
	Length   int64       `json:"length"`
	SHA256   string      `json:"sha256"`   // of the body, in hex
	Complete bool        `json:"complete"` // the body came to its end
}

// Backend is the known upstream: it answers 200 with what it saw as JSON and
// keeps it under the request id.
type Backend struct {
	listener net.Listener
	server   *http.Server
	mu       sync.Mutex
	seen     map[string]Seen
}

// NewBackend listens on an address such as "127.0.0.1:0".
func NewBackend(address string) (*Backend, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("backend: %w", err)
	}
	b := &Backend{listener: l, seen: map[string]Seen{}}
	b.server = &http.Server{Handler: b, MaxHeaderBytes: 4 << 20, Protocols: new(http.Protocols)}
	b.server.Protocols.SetHTTP1(true)
	b.server.Protocols.SetUnencryptedHTTP2(true)
	go func() { _ = b.server.Serve(l) }() // ends with Close
	return b, nil
}

// Address is where it listens.
func (b *Backend) Address() string { return b.listener.Addr().String() }

// Close stops it at once.
func (b *Backend) Close() error { return b.server.Close() }

// Seen returns what came under a request id and forgets it.
func (b *Backend) Seen(id string) (s Seen, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok = b.seen[id]
	delete(b.seen, id)
	return s, ok
}

// ServeHTTP implements http.Handler.
func (b *Backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := Seen{Method: r.Method, Target: r.RequestURI, Host: r.Host, Proto: r.Proto, Header: r.Header}
	id := r.Header.Get(IDHeader)
	b.keep(id, s)
	digest := sha256.New()
	n, err := io.Copy(digest, r.Body)
	s.Length, s.SHA256, s.Trailer, s.Complete = n, hex.EncodeToString(digest.Sum(nil)), r.Trailer, err == nil
	b.keep(id, s)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(IDHeader, id)
	_ = json.NewEncoder(w).Encode(s) // a client that left is no concern
}

func (b *Backend) keep(id string, s Seen) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen[id] = s
}
