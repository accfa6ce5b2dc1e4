package envoy

import (
	"sort"
	"strconv"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// head is the beginning of a request.
type head struct {
	method, uri string
	// headers in the order they came in, with :authority as Host and without
	// the other pseudo headers.
	headers []core.Header
	// about is for the event; its Gateway is still to be set.
	about inspection.Subject
	// given is the request id that came with the request.
	given string
	// length is the announced length of the body, -1 if there is none.
	length int64
	// partial says that Envoy buffered only the beginning of the body.
	partial bool
	// upgrade says that what follows is not a body but another protocol.
	upgrade bool
	// stream says that the client may wait for an answer in the middle of its
	// body (gRPC, Connect).
	stream bool
}

// partialHeader is added by ext_authz, with "true" or "false".
const partialHeader = "x-envoy-auth-partial-body"

func (h *head) add(name, value, idHeader string) {
	switch name {
	case ":method":
		h.method, h.about.Method = value, value
		return
	case ":path":
		h.uri, h.about.URI = value, value
		return
	case ":authority":
		h.about.Host = value
		name = "Host"
	case partialHeader:
		h.partial = h.partial || value == "true"
		return
	case "content-length":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 {
			h.length = n
		}
	case "upgrade":
		h.upgrade = true
	case "content-type":
		kind := strings.ToLower(value)
		h.stream = strings.HasPrefix(kind, "application/grpc") || strings.HasPrefix(kind, "application/connect+")
	}
	if strings.HasPrefix(name, ":") {
		return
	}
	if h.given == "" && strings.EqualFold(name, idHeader) {
		h.given = value
	}
	h.headers = append(h.headers, core.Header{Name: name, Value: value})
}

// settle is called after the last header. A body of announced length is a body,
// whatever Upgrade says: the header alone opens no way around the inspection.
func (h *head) settle() {
	h.upgrade = h.method == "CONNECT" || h.upgrade && h.length <= 0
	h.about.ID = inspection.RequestID(h.given)
}

// list reads a header map with raw values, or with text ones.
func (h *head) list(m *corev3.HeaderMap, idHeader string) {
	for _, v := range m.GetHeaders() {
		value := string(v.GetRawValue())
		if value == "" {
			value = v.GetValue()
		}
		h.add(strings.ToLower(v.GetKey()), value, idHeader)
	}
}

// fold reads a map, sorted by name because a verdict must not depend on the
// order of a map.
func (h *head) fold(m map[string]string, idHeader string) {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		h.add(strings.ToLower(name), m[name], idHeader)
	}
}
