package policy

// APIVersion is the version of the schema.
const APIVersion = "glacis/v1"

// Document is a policy as it is written. Every struct here may be filled from
// JSON, YAML or a gateway's configuration by the names in the tags.
//
// The tag oneof lists the words a string may be, default what stands for an
// absent key, example a value for the reference, and enforced who acts on the
// key: nothing means every wrapper, because the engine does it.
type Document struct {
	// Version of the schema.
	APIVersion string `json:"apiVersion,omitempty" oneof:"glacis/v1" required:"true"`
	// Name of the policy, as events and status show it.
	Name string `json:"name,omitempty" default:"policy" example:"shop"`
	// Where the model comes from, unless a flag or the environment says so: a file, a directory of installed models or a sidecar's address. Who may have signed it is never the policy's to say.
	Model string `json:"model,omitempty" default:"the installed or the embedded one" example:"/var/lib/glacis/models" enforced:"glacis proxy, glacis sidecar"`
	// What holds where an asset says nothing else, and for requests of no asset.
	Defaults Settings `json:"defaults,omitempty"`
	// The protected sites and services.
	Assets []Asset `json:"assets,omitempty"`
	// What is known to be harmless, or unwanted whatever the model says.
	Exceptions []Exception `json:"exceptions,omitempty"`
	// Named lists of addresses.
	AddressLists []AddressList `json:"addressLists,omitempty"`
	// Named answers to refused requests.
	Responses []Response `json:"responses,omitempty"`
	// How often one source may call.
	RateLimits []RateLimit `json:"rateLimits,omitempty" enforced:"glacis proxy, glacis sidecar and the Kong plugin server"`
	// Who counts as the source of a request.
	Source Source `json:"source,omitempty"`
	// What becomes of requests that could not be inspected, by their fault.
	FailMode FailMode `json:"failMode,omitempty"`
	// What is recorded.
	Logging Logging `json:"logging,omitempty"`
	// What is learned.
	Learning Learning `json:"learning,omitempty"`
}

// Settings are what an asset may set for itself.
type Settings struct {
	// prevent refuses, detect only reports and never alters traffic, off inspects nothing.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"prevent"`
	// Whether the asset's traffic is learned from.
	Learning string `json:"learning,omitempty" oneof:"on off" default:"on" enforced:"glacis proxy, glacis sidecar, the Kong plugin server and the Envoy plugin"`
	// The confidence from which a request is blocked.
	Confidence string `json:"confidence,omitempty" oneof:"medium high critical" default:"high"`
	// How much is inspected.
	Limits Limits `json:"limits,omitempty"`
	// Name of the response for refused requests; without it the built-in page or JSON.
	Response string `json:"response,omitempty"`
	// Checks beside the model.
	Protections Protections `json:"protections,omitempty"`
}

// Asset is a site, a service or a part of one.
type Asset struct {
	// Name of the asset, unique.
	Name string `json:"name,omitempty" required:"true" example:"shop-api"`
	// Hosts: shop.example (any port), shop.example:8443, *.shop.example (every name below), or * for all.
	Hosts []string `json:"hosts,omitempty" default:"*" example:"shop.example"`
	// Path prefixes, by whole segments; the longest decides.
	Paths []string `json:"paths,omitempty" default:"/" example:"/api"`
	// As in defaults.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off"`
	// As in defaults.
	Learning string `json:"learning,omitempty" oneof:"on off" enforced:"glacis proxy, glacis sidecar, the Kong plugin server and the Envoy plugin"`
	// As in defaults.
	Confidence string `json:"confidence,omitempty" oneof:"medium high critical"`
	// As in defaults, key by key.
	Limits Limits `json:"limits,omitempty"`
	// As in defaults.
	Response string `json:"response,omitempty"`
	// As in defaults, protection by protection.
	Protections Protections `json:"protections,omitempty"`
}

// settings returns what the asset sets.
func (a *Asset) settings() Settings {
	return Settings{Mode: a.Mode, Learning: a.Learning, Confidence: a.Confidence, Limits: a.Limits,
		Response: a.Response, Protections: a.Protections}
}

// Limits bound what is inspected. 0 inherits.
type Limits struct {
	// Longest request target, in bytes; longer ones are over the limit.
	URLBytes int `json:"urlBytes,omitempty" default:"none"`
	// Bytes of request line and headers together; more is over the limit.
	HeaderBytes int `json:"headerBytes,omitempty" default:"65536, the most that is inspected"`
	// Bytes of a body that are inspected.
	BodyBytes int `json:"bodyBytes,omitempty" default:"8388608"`
	// Layers of decoding that are undone in bodies.
	Depth int `json:"depth,omitempty" default:"32"`
	// Values of a request that are inspected.
	Values int `json:"values,omitempty" default:"4096"`
	// What becomes of a request over a limit: it passes and the rest is counted as uninspected, or it is refused.
	OverLimit string `json:"overLimit,omitempty" oneof:"pass block" default:"pass"`
	// Limits by the kind of body that Content-Type declares.
	Bodies []BodyLimit `json:"bodies,omitempty"`
}

// BodyLimit bounds bodies of some kinds.
type BodyLimit struct {
	// The kinds; other is every type not named here, and none at all.
	Kinds []string `json:"kinds,omitempty" oneof:"json xml form multipart text binary other" required:"true"`
	// Bytes that are inspected.
	Bytes int `json:"bytes,omitempty" required:"true"`
	// As above, for these kinds.
	OverLimit string `json:"overLimit,omitempty" oneof:"pass block"`
}

// AddressList is a named list.
type AddressList struct {
	// Name of the list, unique.
	Name string `json:"name,omitempty" required:"true" example:"office"`
	// Addresses and networks (CIDR), IPv4 and IPv6.
	Addresses []string `json:"addresses,omitempty" required:"true" example:"192.0.2.0/24"`
}

// Response is the answer to a refused request; the request id is always sent
// as a header. The text {id} in a page, a JSON text or a redirect stands for it.
type Response struct {
	// Name of the response, unique.
	Name string `json:"name,omitempty" required:"true" example:"blocked"`
	// Status code, 300 to 599.
	Status int `json:"status,omitempty" default:"403"`
	// HTML for browsers.
	Page string `json:"page,omitempty" example:"<h1>Blocked</h1><p>Ask us about {id}"`
	// JSON for everybody else.
	JSON string `json:"json,omitempty" example:"{\"error\":\"blocked\",\"request_id\":\"{id}\"}"`
	// Where to send the client instead; the status must then be 302, 303 or 307.
	Redirect string `json:"redirect,omitempty" example:"/blocked?id={id}"`
}

// RateLimit bounds the requests of one source, by a token bucket.
type RateLimit struct {
	// Name of the limit, unique.
	Name string `json:"name,omitempty" required:"true" example:"login"`
	// Assets it holds for; all if empty.
	Assets []string `json:"assets,omitempty"`
	// Paths, as in exceptions; all if empty.
	Paths []string `json:"paths,omitempty" example:"/login"`
	// Methods; all if empty.
	Methods []string `json:"methods,omitempty" example:"POST"`
	// Requests that a source may send in each window.
	Requests int `json:"requests,omitempty" required:"true" example:"10"`
	// Length of the window.
	Window string `json:"window,omitempty" default:"1m" example:"30s"`
	// Requests that may come at once.
	Burst int `json:"burst,omitempty" default:"as requests"`
	// prevent refuses with 429, detect only reports.
	Mode string `json:"mode,omitempty" oneof:"prevent detect off" default:"prevent"`
}
