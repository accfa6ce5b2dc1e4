package policy

// Source says who sent a request.
type Source struct {
	// Addresses and networks of proxies whose forwarding header is believed. Without any, the peer is the source.
	TrustedProxies []string `json:"trustedProxies,omitempty" example:"10.0.0.0/8"`
	// Header that the trusted proxies write, read from the right up to the first address that is not trusted.
	Header string `json:"header,omitempty" default:"X-Forwarded-For"`
}

// FailMode says what becomes of a request that could not be inspected to the
// end. It matters in mode prevent only.
type FailMode struct {
	// For every fault not named below.
	Default string `json:"default,omitempty" oneof:"open closed" default:"open"`
	// The inspection failed with a defect.
	Panic string `json:"panic,omitempty" oneof:"open closed"`
	// The inspection took too long.
	Timeout string `json:"timeout,omitempty" oneof:"open closed"`
	// The sidecar could not be reached.
	Sidecar string `json:"sidecar,omitempty" oneof:"open closed"`
	// There is no valid configuration or model.
	Config string `json:"config,omitempty" oneof:"open closed"`
	// The body could not be read.
	Body string `json:"body,omitempty" oneof:"open closed"`
	// Too many requests were under inspection.
	Overload string `json:"overload,omitempty" oneof:"open closed"`
	// Too many requests were under inspection in one of Envoy's worker threads.
	Busy string `json:"busy,omitempty" oneof:"open closed"`
	// The gateway does not show all header lines; Kong shows 1,000.
	Headers string `json:"headers,omitempty" oneof:"open closed"`
	// Envoy did not hand over headers or body.
	Host string `json:"host,omitempty" oneof:"open closed"`
	// Kong did not keep to the protocol of its plugin servers.
	Protocol string `json:"protocol,omitempty" oneof:"open closed"`
}

// Faults names the keys of FailMode beside default: every fault of every
// wrapper, as events and metrics name it.
const Faults = "panic timeout sidecar config body overload busy headers host protocol"

// Closed says whether a request that could not be inspected because of a fault,
// one of Faults, is refused.
func (f *FailMode) Closed(fault string) bool {
	mode := ""
	switch fault {
	case "panic":
		mode = f.Panic
	case "timeout":
		mode = f.Timeout
	case "sidecar":
		mode = f.Sidecar
	case "config":
		mode = f.Config
	case "body":
		mode = f.Body
	case "overload":
		mode = f.Overload
	case "busy":
		mode = f.Busy
	case "headers":
		mode = f.Headers
	case "host":
		mode = f.Host
	case "protocol":
		mode = f.Protocol
	}
	if mode == "" {
		mode = f.Default
	}
	return mode == "closed"
}

// Logging says what is recorded.
type Logging struct {
	// Requests that were or would have been refused; those and every finding; every request; or nothing.
	Level string `json:"level,omitempty" oneof:"blocked findings all off" default:"the setting of the wrapper, findings"`
	// Locations whose text is masked in events, beside cookies and credentials, which always are.
	Redact []string `json:"redact,omitempty" example:"body.json.**.iban"`
	// Where events go, as --event-sink has it, in its place (docs/events.md). Agents may read the policy: no secret belongs in an address.
	Sinks []string `json:"sinks,omitempty" default:"those of --event-sink" example:"syslog+tls://siem.example:6514#format=cef" enforced:"glacis proxy, glacis sidecar"`
}

// Learning bounds what a sidecar learns. It takes the numbers when it starts, the
// locations at once.
type Learning struct {
	// Independent sources that must have sent an indicator within a period before it counts as usual; 8 to 48, because with fewer one attacker could teach.
	MinSources int `json:"minSources,omitempty" default:"12" enforced:"a glacis sidecar that learns, from its start on"`
	// Days after which what was learned and not seen again is forgotten.
	ForgetAfterDays int `json:"forgetAfterDays,omitempty" default:"14" enforced:"a glacis sidecar that learns, from its start on"`
	// Score points that a profile may take off a finding, 45 at most; critical findings are never discounted, and what an operator confirmed is not bounded by this.
	MaxDiscount int `json:"maxDiscount,omitempty" default:"45" enforced:"glacis proxy, glacis sidecar, the Kong plugin server and the Envoy plugin"`
	// Memory of what is learned per asset, in bytes; 1 MiB at least.
	MaxBytes int `json:"maxBytes,omitempty" default:"67108864" enforced:"a glacis sidecar that learns, from its start on"`
	// Locations that are never learned from, as in exceptions.
	Exclude []string `json:"exclude,omitempty" example:"body.json.password" enforced:"a glacis sidecar that learns"`
}

// Protections are checks beside the model, each with its own mode. A check
// without a mode is off. prevent refuses in assets of mode prevent; in assets
// of mode detect it reports.
type Protections struct {
	// Which methods are allowed.
	Methods MethodCheck `json:"methods,omitempty"`
	// Which addresses are allowed.
	Addresses AddressCheck `json:"addresses,omitempty"`
	// Cross-site requests that change something.
	CSRF OriginCheck `json:"csrf,omitempty"`
	// Redirects to foreign sites that the request asked for.
	OpenRedirect RedirectCheck `json:"openRedirect,omitempty" enforced:"glacis proxy"`
	// Stack traces and database errors in answers.
	ErrorDisclosure ResponseCheck `json:"errorDisclosure,omitempty" enforced:"glacis proxy"`
	// Headers that are added to answers which lack them.
	SecurityHeaders HeaderCheck `json:"securityHeaders,omitempty" enforced:"glacis proxy"`
	// Countries that are allowed or denied.
	Geo GeoCheck `json:"geo,omitempty" enforced:"glacis proxy, glacis sidecar and the Kong plugin server, with --geo-database,"`
}

// MethodCheck is the allow-list of methods.
type MethodCheck struct {
	// Mode of the check.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
	// Methods that are allowed, as on the wire.
	Allow []string `json:"allow,omitempty" default:"GET HEAD POST PUT PATCH DELETE OPTIONS" example:"GET"`
}

// AddressCheck compares the source with lists. A wrapper that does not know
// the source refuses nothing.
type AddressCheck struct {
	// Mode of the check.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
	// Addresses, networks or names of addressLists: nobody else may call.
	Allow []string `json:"allow,omitempty" example:"office"`
	// Addresses, networks or names of addressLists that may not call.
	Deny []string `json:"deny,omitempty" example:"203.0.113.0/24"`
}

// OriginCheck refuses requests that a browser sends from another site, other
// than GET, HEAD and OPTIONS, by Sec-Fetch-Site and Origin.
type OriginCheck struct {
	// Mode of the check.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
	// Origins that may send, beside the host itself.
	TrustedOrigins []string `json:"trustedOrigins,omitempty" example:"https://app.example"`
}

// RedirectCheck refuses answers of 3xx whose Location is on a host that stands
// in the request and is not the site's own.
type RedirectCheck struct {
	// Mode of the check.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
	// Hosts that requests may ask to be sent to, as in assets; the host of the request, names below it and the hosts of all assets always are.
	TrustedHosts []string `json:"trustedHosts,omitempty" example:"login.example"`
}

// ResponseCheck is a check of answers.
type ResponseCheck struct {
	// Mode of the check.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
}

// HeaderCheck adds headers to answers.
type HeaderCheck struct {
	// prevent adds them, detect counts answers that lack one and names it in events.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
	// The headers. Without any: X-Content-Type-Options nosniff, X-Frame-Options SAMEORIGIN and Referrer-Policy strict-origin-when-cross-origin.
	Headers []HeaderValue `json:"headers,omitempty"`
}

// HeaderValue is a header with its value.
type HeaderValue struct {
	// Name of the header.
	Name string `json:"name,omitempty" required:"true" example:"X-Content-Type-Options"`
	// Value of the header; in exceptions a regular expression for the whole of it, or nothing for any.
	Value string `json:"value,omitempty" example:"nosniff"`
}

// GeoCheck allows or denies the countries of sources, by a database that the
// operator gives. An address that the database does not know is in XX; private
// addresses are in no country and never objected to.
type GeoCheck struct {
	// Mode of the check.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"off"`
	// ISO 3166 codes of two capital letters: nobody else may call.
	Allow []string `json:"allow,omitempty" example:"DE"`
	// ISO 3166 codes that may not call.
	Deny []string `json:"deny,omitempty" example:"XX"`
}
