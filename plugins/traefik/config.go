package traefik

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/gateway"
)

// The engines.
const (
	// engineAuto takes the sidecar where one is configured and answers, and
	// the embedded engine otherwise.
	engineAuto = "auto"
	// engineSidecar takes the sidecar only; failMode says what becomes of a
	// request when it does not answer.
	engineSidecar = "sidecar"
	// engineEmbedded inspects in this process.
	engineEmbedded = "embedded"
)

// embeddedBytes is the default of MaxBodyBytes for the embedded engine. The
// interpreter takes 2 to 15 µs for a byte that is not plainly clean, so that 8 MiB
// would keep a core busy for half a minute, at the wish of any client.
const embeddedBytes = 64 << 10

// Config is the middleware's configuration. Traefik decodes it with weak
// typing, because labels deliver every value as a string; names are matched
// without regard to case. The zero value of a field stands for its default.
type Config struct {
	// Mode is prevent (default), detect or off. It also takes auto, sidecar and
	// embedded: prevent with that Engine.
	Mode string `json:"mode,omitempty"`
	// Engine is auto (default), sidecar or embedded.
	Engine string `json:"engine,omitempty"`
	// Confidence is medium, high (default) or critical.
	Confidence string `json:"confidence,omitempty"`
	// FailMode is open (default) or closed.
	FailMode string `json:"failMode,omitempty"`
	// MaxBodyBytes is how much of a body is inspected; default 8 MiB with the
	// sidecar, 64 KiB embedded.
	MaxBodyBytes int64 `json:"maxBodyBytes,omitempty"`
	// RequestIDHeader carries the request id; default X-Request-Id.
	RequestIDHeader string `json:"requestIdHeader,omitempty"`
	// Log is blocked, findings (default), all or off.
	Log string `json:"log,omitempty"`
	// Sidecar is where the sidecar listens: http://HOST:PORT or unix:///PATH.
	Sidecar string `json:"sidecar,omitempty"`
	// SidecarTimeout is how long the sidecar may take for a verdict once it has
	// the request, a Go duration; default 250ms.
	SidecarTimeout string `json:"sidecarTimeout,omitempty"`
	// SidecarToken is what the sidecar wants to know of its callers
	// (glacis sidecar --token-file); in Kubernetes urn:k8s:secret:NAME:KEY.
	SidecarToken string `json:"sidecarToken,omitempty"`
	// Policy is the policy inline, with the keys of docs/policy.md; from labels,
	// JSON in one string.
	Policy interface{} `json:"policy,omitempty"`
	// PolicyFile is the path of a policy as glacis policy compile prints it. It
	// is read again when it changes.
	PolicyFile string `json:"policyFile,omitempty"`
	// SidecarPolicy has the embedded engine take the policy of the sidecar, and
	// each later version of it, instead of one of its own.
	SidecarPolicy bool `json:"sidecarPolicy,omitempty"`
	// SidecarSample shows one in so many requests that the embedded engine has
	// inspected to the sidecar, which learns from them; 0, the default, none.
	SidecarSample int64 `json:"sidecarSample,omitempty"`
	// Unknown takes what no field is called; New refuses it, since Traefik
	// itself passes over misspelled options.
	Unknown map[string]interface{} `json:"-" mapstructure:",remain"`
}

// CreateConfig returns the defaults; Traefik decodes the configuration into it.
func CreateConfig() *Config { return &Config{} }

// options are a Config that was checked.
type options struct {
	settings gateway.Settings
	embedded int64 // MaxBodyBytes of the embedded engine
	engine   string
	base     string // of the sidecar's URL, "" if there is none
	socket   string // path of its unix socket, "" for TCP
	token    string // for it, "" for none
	timeout  time.Duration
	origin   origin
	sample   int64 // one in so many requests is shown to the sidecar, 0 for none
}

// check returns the options, or an error that begins with the name of the
// field at fault.
func (c *Config) check() (options, error) {
	o := options{engine: c.Engine}
	for name := range c.Unknown {
		return o, errors.New(unknownField(name))
	}
	mode := c.Mode
	if mode == engineAuto || mode == engineSidecar || mode == engineEmbedded {
		if o.engine != "" && o.engine != mode {
			return o, errors.New("mode: " + mode + ": contradicts engine " + o.engine)
		}
		o.engine = mode
		mode = gateway.Prevent
	}
	if o.engine == "" {
		o.engine = engineAuto
	}
	s := gateway.Settings{Mode: mode, Confidence: c.Confidence, FailMode: c.FailMode,
		MaxBodyBytes: c.MaxBodyBytes, RequestIDHeader: c.RequestIDHeader, Log: c.Log}
	o.settings = s.WithDefaults()
	if err := o.settings.Check(); err != nil {
		return o, err
	}
	o.embedded = c.MaxBodyBytes
	if o.embedded == 0 {
		o.embedded = embeddedBytes
	}
	if o.engine != engineAuto && o.engine != engineSidecar && o.engine != engineEmbedded {
		return o, errors.New("engine: " + o.engine + ": want auto, sidecar or embedded")
	}
	if err := o.address(c); err != nil {
		return o, err
	}
	from, err := newOrigin(c.Policy, c.PolicyFile)
	if err != nil {
		return o, err
	}
	o.origin = from
	if err := o.tie(c); err != nil {
		return o, err
	}
	if o.engine == engineSidecar && !from.none() {
		return o, errors.New("policy: engine sidecar takes the policy of the sidecar (glacis sidecar --policy)")
	}
	return o, nil
}

// tie reads what the embedded engine has from the sidecar and gives to it.
func (o *options) tie(c *Config) error {
	o.origin.remote = c.SidecarPolicy
	o.sample = c.SidecarSample
	if o.origin.remote && !o.origin.none() {
		return errors.New("sidecarPolicy: contradicts policy and policyFile")
	}
	if o.origin.remote && (o.base == "" || o.engine == engineSidecar) {
		return errors.New("sidecarPolicy: needs the address of a sidecar, and engine auto or embedded")
	}
	if o.sample < 0 || o.sample > 0 && (o.base == "" || o.engine != engineEmbedded) {
		return errors.New("sidecarSample: want one in so many, with the address of a sidecar and engine embedded; otherwise the sidecar sees all requests")
	}
	return nil
}

// address reads the sidecar's part of the configuration.
func (o *options) address(c *Config) error {
	o.timeout = 250 * time.Millisecond
	o.token = strings.TrimSpace(c.SidecarToken)
	if c.SidecarTimeout != "" {
		d, err := time.ParseDuration(c.SidecarTimeout)
		if err != nil || d <= 0 {
			return errors.New("sidecarTimeout: " + c.SidecarTimeout + ": want a positive duration such as 250ms")
		}
		o.timeout = d
	}
	if c.Sidecar == "" {
		if o.engine == engineSidecar {
			return errors.New("sidecar: engine sidecar needs its address, http://HOST:PORT or unix:///PATH")
		}
		return nil
	}
	u, err := url.Parse(c.Sidecar)
	if err == nil && u.Scheme == "unix" && u.Host == "" && strings.HasPrefix(u.Path, "/") {
		o.base = "http://glacis"
		o.socket = u.Path
		return nil
	}
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.User == nil {
		o.base = u.Scheme + "://" + u.Host
		return nil
	}
	return errors.New("sidecar: " + c.Sidecar + ": want http://HOST:PORT or unix:///PATH")
}

// key tells configurations apart that need different sidecar clients.
func (o *options) key() string {
	return o.base + " " + o.socket + " " + o.timeout.String() + " " + o.token
}
