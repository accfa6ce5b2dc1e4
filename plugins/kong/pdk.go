package kong

import (
	"math"
	"slices"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// The PDK functions in use. None of them can fail in the access phase: after an
// error Kong drops the connection without a reply.
const (
	pdkMethod    = "kong.request.get_method"
	pdkTarget    = "kong.request.get_path_with_query"
	pdkHeaders   = "kong.request.get_headers"
	pdkAddress   = "kong.client.get_forwarded_ip"
	pdkVersion   = "kong.request.get_http_version"
	pdkBody      = "kong.request.get_raw_body"
	pdkService   = "kong.router.get_service"
	pdkExit      = "kong.response.exit"
	pdkSetHeader = "kong.response.set_header"
	pdkForwardID = "kong.service.request.set_header"
)

// maxHeaders is what get_headers may be asked for at most; its default is 100.
const maxHeaders = 1000

// headCalls are the calls for a request's head, in the order of head's replies.
var headCalls = func() []byte {
	b := appendCall(nil, pdkMethod, nil)
	b = appendCall(b, pdkTarget, nil)
	b = appendCall(b, pdkHeaders, appendNumber(nil, 1, maxHeaders))
	b = appendCall(b, pdkAddress, nil)
	return appendCall(b, pdkVersion, nil)
}()

// headReplies is the number of headCalls.
const headReplies = 5

// appendKV appends the argument of a header setter: KV{k, Value{string}}.
func appendKV(dst []byte, name, value string) []byte {
	dst = appendBytes(dst, 1, name)
	return appendBytes(dst, 2, appendBytes(nil, 3, value))
}

// appendExit appends an ExitArgs.
func appendExit(dst []byte, r gateway.Refusal, idHeader, id string) []byte {
	var headers []byte
	for _, h := range refusalHeaders(r, idHeader, id) {
		headers = appendBytes(headers, 1, appendKV(nil, h.Name, h.Value))
	}
	dst = appendNumber(dst, 1, uint64(r.Status))
	dst = appendBytes(dst, 2, r.Body)
	return appendBytes(dst, 3, headers)
}

// refusalHeaders are the headers of the answer to a refused request.
func refusalHeaders(r gateway.Refusal, idHeader, id string) []core.Header {
	return append(slices.Clip(r.Headers), core.Header{Name: idHeader, Value: id})
}

// text decodes a String or ByteString. The empty message is "".
func (m message) text() (string, bool) {
	f, ok := m.find(1)
	return string(f.bytes), ok && (f.id == 0 || f.kind == kindBytes)
}

// double decodes a Number.
func (m message) double() (float64, bool) {
	f, ok := m.find(1)
	return math.Float64frombits(f.number), ok && (f.id == 0 || f.kind == kindFixed8)
}
