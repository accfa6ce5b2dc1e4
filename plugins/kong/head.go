package kong

import (
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// head is a request without its body, as Kong tells of it: header names in
// lower case, their order lost, duplicates of one name in their order.
type head struct {
	method, target string
	headers        []core.Header
	// source is the client's address, by Kong's trusted_ips.
	source string
	// version is that of HTTP: 1, 1.1, 2.
	version float64
}

// parseHead decodes the replies to headCalls. It reuses headers. ok is false
// when a reply is not what Kong's protocol says.
func parseHead(replies *[headReplies]message, headers []core.Header) (h head, ok bool) {
	h.headers = headers[:0]
	if h.method, ok = replies[0].text(); !ok {
		return h, false
	}
	if h.target, ok = replies[1].text(); !ok {
		return h, false
	}
	if h.headers, ok = appendHeaders(h.headers, replies[2]); !ok {
		return h, false
	}
	if h.source, ok = replies[3].text(); !ok {
		return h, false
	}
	h.version, ok = replies[4].double()
	sortHeaders(h.headers)
	return h, ok
}

// appendHeaders decodes a google.protobuf.Struct whose values are strings or
// lists of strings. Every other value is an error: a header that is silently
// left out would be one that nobody inspects.
func appendHeaders(dst []core.Header, m message) ([]core.Header, bool) {
	for len(m) > 0 {
		f, rest, ok := m.next()
		if !ok || f.id != 1 || f.kind != kindBytes {
			return dst, false
		}
		name, ok := f.bytes.find(1)
		if !ok {
			return dst, false
		}
		value, ok := f.bytes.find(2)
		if !ok {
			return dst, false
		}
		if dst, ok = appendValue(dst, string(name.bytes), value.bytes, true); !ok {
			return dst, false
		}
		m = rest
	}
	return dst, true
}

// appendValue decodes a google.protobuf.Value: a string, or a list of strings
// where list allows one.
func appendValue(dst []core.Header, name string, m message, list bool) ([]core.Header, bool) {
	f, rest, ok := m.next()
	if !ok || len(rest) > 0 || f.kind != kindBytes {
		return dst, false
	}
	if f.id == 3 {
		return append(dst, core.Header{Name: name, Value: string(f.bytes)}), true
	}
	if f.id != 6 || !list {
		return dst, false
	}
	for values := f.bytes; len(values) > 0; {
		if f, values, ok = values.next(); !ok || f.id != 1 || f.kind != kindBytes {
			return dst, false
		}
		if dst, ok = appendValue(dst, name, f.bytes, false); !ok {
			return dst, false
		}
	}
	return dst, true
}

// sortHeaders puts Host first and the others in the order of their names, as
// every wrapper does whose gateway has forgotten their order: a verdict must
// not depend on that of a hash table.
func sortHeaders(headers []core.Header) {
	slices.SortStableFunc(headers, func(a, b core.Header) int {
		if (a.Name == "host") != (b.Name == "host") {
			if a.Name == "host" {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
}

// get returns the first value of a header by its name in lower case.
func (h *head) get(name string) string {
	for i := range h.headers {
		if h.headers[i].Name == name {
			return h.headers[i].Value
		}
	}
	return ""
}

// has says whether a header is there.
func (h *head) has(name string) bool {
	return slices.ContainsFunc(h.headers, func(x core.Header) bool { return x.Name == name })
}

// announcesBody says whether a body can follow: HTTP/1 announces one by a
// header (RFC 9112, section 6), later versions need not.
func (h *head) announcesBody() bool {
	if h.has("transfer-encoding") {
		return true
	}
	for i := range h.headers {
		if h.headers[i].Name == "content-length" {
			return strings.Trim(h.headers[i].Value, " \t0") != ""
		}
	}
	return h.version >= 2
}

// claimsGRPC says whether the client calls its body gRPC.
func (h *head) claimsGRPC() bool {
	return strings.HasPrefix(strings.ToLower(h.get("content-type")), "application/grpc")
}

// path is the target without its query.
func (h *head) path() string {
	path, _, _ := strings.Cut(h.target, "?")
	return path
}

// shown clips text for an event: Kong's log cuts lines at 2,048 bytes.
func shown(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
