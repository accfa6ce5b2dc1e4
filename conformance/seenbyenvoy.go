package conformance

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// SeenByEnvoy returns a request as Envoy shows it to its filters: it joins lines
// of the headers it knows best and removes a Referer that is no absolute HTTP
// URL.
func SeenByEnvoy(r core.Request) core.Request {
	headers := make([]core.Header, 0, len(r.Headers))
	first := map[string]int{"Referer": -1, "User-Agent": -1}
	for _, h := range r.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		if at, joined := first[name]; joined && at >= 0 {
			headers[at].Value += "," + h.Value
			continue
		}
		if _, joined := first[name]; joined {
			first[name] = len(headers)
		}
		headers = append(headers, h)
	}
	r.Headers = slices.DeleteFunc(headers, func(h core.Header) bool {
		u, err := url.Parse(h.Value)
		return strings.EqualFold(h.Name, "Referer") && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https")
	})
	return r
}
