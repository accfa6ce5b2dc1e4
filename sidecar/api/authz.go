package api

import (
	"io"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// asker is a gateway that asks by HTTP before it forwards a request. Each has
// an endpoint of its own, because each says in another way what the client
// asked for, and what one of them sets, the client of another may set.
type asker struct {
	// path is behind /v1/authz/.
	path string
	// name is the event's observer.name.
	name string
	// own are headers that the gateway sets and that are no part of the
	// client's request, in canonical form.
	own []string
	// original returns the client's method, target and host; target is "" when
	// the gateway did not say it.
	original func(r *http.Request) (method, target, host string)
	// source returns the address of the gateway's peer, "" if it is not known.
	source func(r *http.Request) string
	// length returns the length of a body that was not sent or only in part,
	// -1 if it is not known.
	length func(r *http.Request) int64
}

// partialHeader is "true" when Envoy sent only the beginning of a body. How long
// the whole is, it does not say.
const partialHeader = "X-Envoy-Auth-Partial-Body"

// sourceHeader is where Envoy is configured to say who its peer is (see
// deploy/envoy-rpc/ext_authz_http.yaml): X-Forwarded-For then has nothing but its
// own address.
const sourceHeader = "X-Glacis-Source"

var askers = []asker{
	{path: "envoy", name: "envoy/ext_authz-http", own: []string{partialHeader, sourceHeader}, source: func(r *http.Request) string { return lastOf(r, sourceHeader) }, length: unknown,
		original: func(r *http.Request) (string, string, string) {
			return r.Method, strings.TrimPrefix(r.RequestURI, "/v1/authz/envoy"), r.Host
		}},
	{path: "traefik", name: "traefik/forwardauth", own: []string{"X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host"}, source: func(r *http.Request) string { return lastOf(r, "X-Forwarded-For") }, length: unknown,
		original: func(r *http.Request) (string, string, string) {
			return r.Header.Get("X-Forwarded-Method"), r.Header.Get("X-Forwarded-Uri"), r.Header.Get("X-Forwarded-Host")
		}},
	{path: "nginx", name: "nginx/auth_request", own: []string{"X-Original-Method", "X-Original-Uri", "X-Original-Length", "X-Original-Encoding"},
		source: func(r *http.Request) string { return r.Header.Get("X-Real-Ip") },
		length: func(r *http.Request) int64 {
			if r.Header.Get("X-Original-Encoding") != "" {
				return 1 // at least: chunks do not say how much they are
			}
			return number(r.Header.Get("X-Original-Length"))
		},
		original: func(r *http.Request) (string, string, string) {
			return r.Header.Get("X-Original-Method"), r.Header.Get("X-Original-Uri"), r.Host
		}},
}

func unknown(*http.Request) int64 { return -1 }

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// Authz returns the endpoints for gateways that ask by HTTP: Envoy's ext_authz
// with an http_service, Traefik's forwardAuth and nginx's auth_request. The
// answer is 200, or the refusal that the gateway is to hand to its client.
func Authz(s *inspection.Service) []Route {
	blocks := &sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}
	var routes []Route
	for _, a := range askers {
		routes = append(routes, Route{Prefix: "/v1/authz/" + a.path, Agents: true, Handler: authzHandler{a, s, blocks}})
	}
	return routes
}

type authzHandler struct {
	asker
	service *inspection.Service
	blocks  *sync.Pool
}

// ServeHTTP implements http.Handler.
func (h authzHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.service.Off() {
		return
	}
	method, target, host := h.original(r)
	if method == "" || target == "" {
		Problem(w, http.StatusInternalServerError, "The gateway does not say what the client asked for; see sidecar/README.md.")
		return
	}
	idHeader := h.service.Settings().RequestIDHeader
	given := r.Header.Get(idHeader)
	about := inspection.Subject{ID: inspection.RequestID(given), Gateway: h.name, Source: h.source(r), Method: method, Host: host, URI: target}
	in := h.service.Begin("authz_" + h.path)
	length, partial := h.length(r), r.Header.Get(partialHeader) == "true"
	in.From(about.Source)
	in.Head(method, target, h.headers(r, host))
	seen := h.body(in, r)
	in.Skip(length - seen)
	if partial && h.path == "envoy" {
		in.Skip(1) // at least
	}
	in.End(trailersOf(r))
	action := in.Action()
	in.Close(&about)
	if action.Refuses() {
		answer := in.Refusal(action, strings.Join(r.Header.Values("Accept"), ","), about.ID)
		if h.path == "nginx" && action == gateway.ActionReject {
			answer.Status = http.StatusForbidden // of every other status nginx makes a 500
		}
		refuse(w, r, answer, idHeader, about.ID)
		return
	}
	if in.Prevents() || given == about.ID {
		w.Header().Set(idHeader, about.ID)
	}
}

// headers returns the client's headers. net/http has forgotten their order, and
// a verdict must not depend on that of a map, so names are sorted.
func (h authzHandler) headers(r *http.Request, host string) []core.Header {
	for _, name := range h.own {
		r.Header.Del(name)
	}
	return append([]core.Header{{Name: "Host", Value: host}}, fieldsOf(r.Header)...)
}

func trailersOf(r *http.Request) []core.Header { return fieldsOf(r.Trailer) }

func fieldsOf(h http.Header) []core.Header {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	out := make([]core.Header, 0, len(h))
	for _, name := range names {
		for _, value := range h[name] {
			out = append(out, core.Header{Name: name, Value: value})
		}
	}
	return out
}

// body shows what the gateway sent of the body and returns how much that was.
func (h authzHandler) body(in *inspection.Inspection, r *http.Request) (seen int64) {
	block, _ := h.blocks.Get().(*[]byte)
	defer h.blocks.Put(block)
	for {
		n, err := r.Body.Read(*block)
		in.Body((*block)[:n])
		seen += int64(n)
		if err == io.EOF {
			return seen
		}
		if err != nil {
			in.Fail(inspection.FaultBody)
			return seen
		}
	}
}

// lastOf is the last address in a header's lines: the one that the gateway
// wrote, whatever its client had written there before.
func lastOf(r *http.Request, name string) string {
	lines := r.Header.Values(name)
	if len(lines) == 0 {
		return ""
	}
	line := lines[len(lines)-1]
	return strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:])
}

func refuse(w http.ResponseWriter, r *http.Request, answer gateway.Refusal, idHeader, id string) {
	for _, h := range answer.Headers {
		w.Header().Set(h.Name, h.Value)
	}
	w.Header().Set(idHeader, id)
	w.WriteHeader(answer.Status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, answer.Body) // a gateway that has gone needs no answer
	}
}
