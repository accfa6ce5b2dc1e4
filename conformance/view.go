package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// private are headers between two neighbours (RFC 9110, section 7.6.1), those
// that proxies write themselves, and the framing, which may change.
const private = " connection keep-alive te trailer transfer-encoding upgrade content-length expect host proxy-connection " +
	"proxy-authenticate proxy-authorization via forwarded x-forwarded-for x-forwarded-host x-forwarded-proto " +
	"x-forwarded-port x-forwarded-server x-real-ip x-request-id "

// differs says how what the backend saw is not what was sent, "" if it is.
func (s *Seen) differs(r *core.Request, target string) string {
	digest := sha256.Sum256(r.Body)
	switch {
	case !s.Complete:
		return fmt.Sprintf("the upstream got only %d of %d bytes of the body", s.Length, len(r.Body))
	case s.Method != r.Method:
		return fmt.Sprintf("the upstream got method %q", s.Method)
	case s.Target != first(target, r.URI):
		return fmt.Sprintf("the upstream got target %q, want %q", clip(s.Target), clip(first(target, r.URI)))
	case s.Length != int64(len(r.Body)) || s.SHA256 != hex.EncodeToString(digest[:]):
		return fmt.Sprintf("the upstream got another body: %d bytes, want %d", s.Length, len(r.Body))
	}
	if d := linesDiffer(r.Headers, s.Header); d != "" {
		return "header " + d
	}
	if d := linesDiffer(r.Trailers, s.Trailer); d != "" {
		return "trailer " + d
	}
	return ""
}

// linesDiffer compares the values of every name that was sent, joined, because
// a proxy may join lines of one name (RFC 9110, section 5.3).
func linesDiffer(sent []core.Header, got http.Header) string {
	values := map[string][]string{}
	options := connectionOptions(sent)
	for _, h := range sent {
		name := http.CanonicalHeaderKey(h.Name)
		if !strings.Contains(private, " "+strings.ToLower(h.Name)+" ") && !options[strings.ToLower(h.Name)] {
			values[name] = append(values[name], strings.Trim(h.Value, " \t"))
		}
	}
	for _, name := range sorted(values) {
		separator := ", "
		if name == "Cookie" {
			separator = "; "
		}
		a, b := strings.Join(values[name], separator), strings.Join(got[name], separator)
		// Of several User-Agent lines, which RFC 9110 does not allow, Go's
		// net/http sends the first.
		if name == "User-Agent" && b == values[name][0] {
			continue
		}
		if a != b && strings.Join(values[name], ",") != b { // the blank is optional
			return fmt.Sprintf("%s: the upstream got %q, want %q", name, clip(b), clip(a))
		}
	}
	return ""
}

// connectionOptions are the headers that Connection declares private.
func connectionOptions(sent []core.Header) map[string]bool {
	out := map[string]bool{}
	for _, h := range sent {
		if strings.EqualFold(h.Name, "Connection") {
			for _, name := range strings.Split(h.Value, ",") {
				out[strings.ToLower(strings.TrimSpace(name))] = true
			}
		}
	}
	return out
}

func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}
