package traefik

import (
	"net/http"
	"sort"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// session is one request under inspection, by either engine. The calls follow
// the wire. Each returns the verdict so far, and the name of a fault once the
// request cannot be inspected any further.
type session interface {
	// head judges request line and headers.
	head(r *http.Request) (core.Verdict, string)
	// body judges a piece of the body; it may be reused afterwards.
	body(p []byte) (core.Verdict, string)
	// end judges the trailers and completes the verdict.
	end(trailer http.Header) (core.Verdict, string)
	// close frees what the session holds.
	close()
	// name is the engine's, for events.
	name() string
}

// line takes one header line.
type line func(name, value string)

// headers hands over the header lines in the order of their names, because
// net/http has forgotten theirs; and the lines that it keeps elsewhere. Those set
// aside are left out.
func headers(r *http.Request, aside map[string]bool, to line) {
	to("Host", r.Host)
	for _, name := range sorted(r.Header) {
		if !aside[name] {
			field(r.Header, name, to)
		}
	}
	if len(r.TransferEncoding) > 0 {
		to("Transfer-Encoding", strings.Join(r.TransferEncoding, ", "))
	}
	if len(r.Trailer) > 0 {
		to("Trailer", strings.Join(sorted(r.Trailer), ", "))
	}
}

// field hands over the lines of h with one name.
func field(h http.Header, name string, to line) {
	for _, value := range h[name] {
		to(name, value)
	}
}

func sorted(h http.Header) []string {
	if len(h) == 0 {
		return nil
	}
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// target is the request target as the client sent it.
func target(r *http.Request) string {
	if r.RequestURI != "" {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
