package rpc

import (
	"path"
	"slices"
	"testing"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/core"
)

// What a gateway does otherwise, with its reason. Several that concern the same
// cases: the first counts.
type deviations = []conformance.Deviation

// envoys are those of every way in which Envoy asks.
var envoys = deviations{
	{Cases: "protocol/connection-header", Kind: conformance.Altered, Reason: "Envoy removes headers that Connection names before the filters see them."},
	{Cases: "protocol/two-hosts", Kind: conformance.Altered, Reason: "Envoy joins two Host headers into one."},
	{Cases: "policy/address-header", Kind: conformance.Altered, Reason: "Envoy appends the client to X-Forwarded-For behind a comma without a blank."},
	{Cases: "failure/chunk-no-crlf", Kind: conformance.Skipped, Reason: "Envoy's parser takes a chunk longer than its size and hands on a well-formed request, which is inspected."},
}

// firstMiB are those of ext_authz, which is shown the beginning of a body.
var firstMiB = deviations{
	{Cases: "bodies/octets-5m", Kind: conformance.Altered, Reason: firstMiBReason},
	{Cases: "limits/body-*", Kind: conformance.Altered, Reason: firstMiBReason},
	{Cases: "limits/sqli-near-limit", Kind: conformance.Skipped, Reason: firstMiBReason},
	{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: "ext_authz is not shown trailers."},
}

const firstMiBReason = "ext_authz is shown the first MiB of a body (max_request_bytes); what is behind counts as uninspected."

// folded are those of ext_authz over HTTP.
var folded = deviations{
	{Cases: "pass-through/two-cookie-lines", Kind: conformance.Altered, Reason: foldedReason},
	{Cases: "protocol/header-duplicate-sqli", Kind: conformance.Altered, Reason: foldedReason},
	{Cases: "protocol/cookie-second-line", Kind: conformance.Altered, Reason: foldedReason},
}

const foldedReason = "Over HTTP, ext_authz joins lines of one name with a comma; scores may differ."

// oneMiB are those of ext_proc with a buffered body.
var oneMiB = deviations{
	{Cases: "bodies/octets-[15]m", Kind: conformance.Refused, Reason: oneMiBReason},
	{Cases: "limits/body-*", Kind: conformance.Refused, Reason: oneMiBReason},
	{Cases: "limits/sqli-*-limit", Kind: conformance.Refused, Reason: oneMiBReason},
}

const oneMiBReason = "In BUFFERED mode Envoy answers 413 to bodies beyond its buffer of 1 MiB (per_connection_buffer_limit_bytes)."

var forwardAuth = deviations{
	{Cases: "pass-through/lower-hex", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "pass-through/needless-escape", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "pass-through/inner-double-slash", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "traversal/target-mixed.target", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "traversal/target-semicolon.target", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "protocol/double-dot", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "protocol/single-dot", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "protocol/leading-double-slash", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "protocol/backslash", Kind: conformance.Altered, Reason: cleanedReason},
	{Cases: "protocol/semicolon-separator", Kind: conformance.Altered, Reason: "Traefik turns semicolons of the query into ampersands before the middleware sees them."},
	{Cases: "bodies/octets-[15]m", Kind: conformance.Refused, Reason: maxBodyReason},
	{Cases: "limits/body-*", Kind: conformance.Refused, Reason: maxBodyReason},
	{Cases: "limits/sqli-*-limit", Kind: conformance.Refused, Reason: maxBodyReason},
	{Cases: "streaming/chunks-empty", Kind: conformance.Refused, Reason: "With forwardBody Traefik answers 500 to a chunked body without a byte."},
	{Cases: "streaming/trailers", Kind: conformance.Altered, Reason: trailersReason},
	{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: trailersReason},
	{Cases: "protocol/connection-header", Kind: conformance.Altered, Reason: "Traefik removes headers that Connection names before it asks."},
	{Cases: "protocol/garbage", Kind: conformance.Skipped, Reason: "Traefik waits for the rest of what looks like a TLS handshake."},
	{Cases: "protocol/two-agents*", Kind: conformance.Skipped, Reason: "Traefik hands on the first User-Agent only, to the sidecar as to the application."},
}

var authRequest = deviations{
	{Cases: "*/http2-*", Kind: conformance.Skipped, Reason: "Debian's nginx 1.22 speaks no HTTP/2 without TLS beside HTTP/1.1."},
	{Cases: "traversal/target-encoded.target", Kind: conformance.Refused, Reason: "nginx refuses a target that leads above the root (400)."},
	{Cases: "traversal/target-mixed.target", Kind: conformance.Refused, Reason: "nginx refuses a target that leads above the root (400)."},
	{Cases: "streaming/trailers", Kind: conformance.Altered, Reason: "nginx drops trailers of requests."},
	{Cases: "streaming/sqli-trailer", Kind: conformance.Skipped, Reason: "nginx drops trailers of requests: neither the sidecar nor the application gets them."},
	{Cases: "protocol/connection-header", Kind: conformance.Altered, Reason: "The Connection header of the question is nginx's own."},
	{Cases: "protocol/header-no-colon", Kind: conformance.Skipped, Reason: "With ignore_invalid_headers off, which keeps odd headers from hiding, nginx hands on a line without colon as an empty header."},
	{Cases: "protocol/method-body-mismatch", Kind: conformance.Skipped, Reason: noBodyReason},
}

const noBodyReason = "auth_request shows no bodies; `glacis proxy` behind nginx sees them."

// unseen adds the cases in which the attack is where auth_request does not look.
func unseen(t testing.TB, view func(core.Request) core.Request) (list deviations) {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		r := c.Message("client-id-1").Request
		if r == nil || len(r.Body) == 0 || c.Policy == "" && (c.Expect.Action != conformance.Block && c.Expect.Action != conformance.BlockOrRefuse) {
			continue
		}
		if slices.ContainsFunc(authRequest, func(d conformance.Deviation) bool { ok, _ := path.Match(d.Cases, c.Name()); return ok }) {
			continue
		}
		p, err := c.Rules()
		if err != nil {
			t.Fatal(err)
		}
		shown, err := p.Inspect(view(*r))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := p.Inspect(*r)
		if err != nil {
			t.Fatal(err)
		}
		if shown.Action != whole.Action || shown.Reason != whole.Reason || len(shown.Exceptions) != len(whole.Exceptions) {
			list = append(list, conformance.Deviation{Cases: c.Name(), Kind: conformance.Skipped, Reason: noBodyReason})
		}
	}
	return list
}

const (
	cleanedReason  = "Traefik cleans the path before the middleware sees it; the application gets the cleaned one."
	maxBodyReason  = "With forwardBody Traefik answers 401 to bodies beyond maxBodySize, here 1 MiB."
	trailersReason = "With forwardBody Traefik drops trailers: neither the sidecar nor the application gets them."
)

func join(lists ...deviations) (all deviations) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
