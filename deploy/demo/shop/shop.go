package shop

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
)

// Shop is the vulnerable shop, an http.Handler. It is safe for concurrent use.
type Shop struct {
	dir string
	db  *sql.DB
	mux *http.ServeMux
}

// Open makes a shop with a fresh database in dir, which must be empty.
func Open(dir string) (*Shop, error) {
	db, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	s := &Shop{dir: dir, db: db, mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /{$}", s.front)
	s.mux.HandleFunc("GET /search", s.search)
	s.mux.HandleFunc("GET /products/{id}", s.product)
	s.mux.HandleFunc("POST /products/{id}/reviews", s.review)
	s.mux.HandleFunc("GET /download", s.download)
	s.mux.HandleFunc("GET /admin/ping", s.ping)
	s.mux.HandleFunc("GET /card", s.card)
	s.mux.HandleFunc("GET /fetch", s.fetch)
	s.mux.HandleFunc("POST /api/login", s.login)
	s.mux.HandleFunc("POST /api/orders", s.order)
	s.mux.HandleFunc("GET /api/orders/{id}", s.showOrder)
	s.mux.HandleFunc("POST /upload", s.upload)
	return s, nil
}

// Close closes the database.
func (s *Shop) Close() error { return s.db.Close() }

// ServeHTTP serves visitors from loopback addresses.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) {
		http.Error(w, "this shop is full of holes and open to local visitors only", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 32<<20)
	s.mux.ServeHTTP(w, r)
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// Internal is the service that only the shop is meant to reach: the aim of
// server-side request forgery.
func Internal() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "{\"token\":%q}\n", InternalSecret)
	})
}

// page writes an HTML page around content.
func page(w http.ResponseWriter, title, content string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><title>%s</title><body><h1>%s</h1><form action=/search><input name=q><button>Search</button></form>\n%s\n", title, title, content)
}

func (s *Shop) front(w http.ResponseWriter, _ *http.Request) {
	page(w, "The Leaky Outdoor Shop", `<p><a href="/search?q=shoes">Shoes</a> <a href="/products/1">Trail Shoes</a> <a href="/download?file=manual.txt">Manual</a>`)
}

// download joins what the visitor sends to a path: CWE-22.
func (s *Shop) download(w http.ResponseWriter, r *http.Request) {
	s.serveFile(w, s.dir+"/public/"+r.URL.Query().Get("file"))
}

// upload takes pictures and keeps nothing.
func (s *Shop) upload(w http.ResponseWriter, r *http.Request) {
	parts, err := r.MultipartReader()
	if err != nil {
		http.Error(w, "multipart wanted", http.StatusBadRequest)
		return
	}
	var total int64
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			http.Error(w, "broken upload", http.StatusBadRequest)
			return
		}
		n, err := io.Copy(io.Discard, part)
		if err != nil {
			http.Error(w, "broken upload", http.StatusBadRequest)
			return
		}
		total += n
	}
	fmt.Fprintf(w, "stored %d bytes\n", total)
}
