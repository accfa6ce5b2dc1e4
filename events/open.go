package events

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"

	"github.com/glacis-waf/glacis/gateway"
)

// Environment is what sinks need to know beside their addresses.
type Environment struct {
	// Version is of the program, for formats that name it.
	Version string
	// Stdout is where "stdout:" writes.
	Stdout io.Writer
}

// openers are the sinks by the scheme of their address. A kind is a name
// without the transport, for metrics.
var openers = map[string]struct {
	kind string
	open func(u *url.URL, o *options, env Environment) (Sink, error)
}{
	"stdout":        {"stdout", openStdout},
	"file":          {"file", openFile},
	"syslog+udp":    {"syslog", openSyslog},
	"syslog+tcp":    {"syslog", openSyslog},
	"syslog+tls":    {"syslog", openSyslog},
	"otlp+http":     {"otlp", openOTLP},
	"otlp+https":    {"otlp", openOTLP},
	"webhook+http":  {"webhook", openWebhook},
	"webhook+https": {"webhook", openWebhook},
}

// OpenSink makes the sink of an address and names its kind. Options stand
// behind "#", separated by "&": what stands before it may have a query of its
// own. docs/events.md lists them.
//
//	stdout:                                             #format=json|cef
//	file:/var/log/glacis/events.jsonl                   #format &max-size=100MiB &max-age=24h &keep=7
//	syslog+udp://host:514  +tcp://  +tls://host:6514    #format &facility=local0; +tls: &ca=FILE &cert=FILE &key=FILE
//	otlp+http://host:4318  +https://                    #token-file=FILE &ca &cert &key
//	webhook+https://host/path?query  +http://           #secret-file=FILE &batch=100 &linger=1s &ca &cert &key
func OpenSink(address string, env Environment) (sink Sink, kind string, err error) {
	before, fragment, _ := strings.Cut(address, "#")
	scheme, _, _ := strings.Cut(before, ":")
	opener, ok := openers[scheme]
	if !ok {
		known := slices.Sorted(maps.Keys(openers))
		return nil, "", fmt.Errorf("event sink: %q is none of %s%s", gateway.Clip(scheme, 32), strings.Join(known, ", "), gateway.Suggest(scheme, known))
	}
	// From here on no error shows the address: it may have a secret in it.
	fail := func(err error) (Sink, string, error) {
		return nil, "", fmt.Errorf("event sink %s: %w", scheme, bare(err))
	}
	u, err := url.Parse(before)
	if err != nil {
		return fail(err)
	}
	o, err := newOptions(fragment)
	if err != nil {
		return fail(err)
	}
	if sink, err = opener.open(u, o, env); err != nil {
		return fail(err)
	}
	if err := o.done(); err != nil {
		return fail(fmt.Errorf("%w", joinClose(err, sink)))
	}
	return sink, opener.kind, nil
}

// joinClose closes a sink that is not going to be used.
func joinClose(err error, s Sink) error {
	_ = s.Close() // it has written nothing
	return err
}

func openStdout(u *url.URL, o *options, env Environment) (Sink, error) {
	if u.Host != "" || u.Path != "" || u.Opaque != "" {
		return nil, fmt.Errorf("nothing may stand behind %q", "stdout:")
	}
	w := env.Stdout
	if w == nil {
		w = os.Stdout
	}
	return &streamSink{w: w, format: o.format(env)}, nil
}

func openFile(u *url.URL, o *options, env Environment) (Sink, error) {
	path := u.Path
	if path == "" {
		path = u.Opaque // file:events.jsonl
	}
	if path == "" || u.Host != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("want file:/path/of/events.jsonl")
	}
	s := &fileSink{path: path, format: o.format(env), maxSize: o.size("max-size", 100<<20), maxAge: o.duration("max-age", 0),
		keep: o.number("keep", 7), now: time.Now}
	if o.err != nil {
		return nil, o.err
	}
	return s, s.open() // a path that cannot be written to is found at start
}

func openSyslog(u *url.URL, o *options, env Environment) (Sink, error) {
	network := strings.TrimPrefix(u.Scheme, "syslog+")
	conn := &netConn{network: network, address: u.Host}
	port := "514"
	if network == "tls" {
		conn.network, port = "tcp", "6514" // RFC 5425, section 4.1
		conn.tls = o.tls()
	}
	if u.Hostname() == "" || u.RawQuery != "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("want %s://host:port", u.Scheme)
	}
	if u.Port() == "" {
		conn.address += ":" + port
	}
	return newSyslog(conn, o.oneOf("facility", "local0", facilities), o.format(env)), nil
}

func openOTLP(u *url.URL, o *options, env Environment) (Sink, error) {
	if u.Hostname() == "" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("want %s://host:port[/path]", u.Scheme)
	}
	u.Scheme = strings.TrimPrefix(u.Scheme, "otlp+")
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/logs"
	}
	transport := newTransport(o)
	with := []otlploghttp.Option{otlploghttp.WithEndpointURL(u.String()), otlploghttp.WithHTTPClient(newHTTPClient(transport))}
	if token := o.secret("token-file", 1); token != nil {
		with = append(with, otlploghttp.WithHeaders(map[string]string{"Authorization": "Bearer " + string(token)}))
	}
	if o.err != nil {
		return nil, o.err
	}
	return newOTLP(env, with...)
}

func openWebhook(u *url.URL, o *options, _ Environment) (Sink, error) {
	if u.Hostname() == "" {
		return nil, fmt.Errorf("want %s://host[:port]/path", u.Scheme)
	}
	u.Scheme = strings.TrimPrefix(u.Scheme, "webhook+")
	s := &webhookSink{url: u.String(), secret: o.secret("secret-file", 16), client: newHTTPClient(newTransport(o)),
		size: o.number("batch", 100), linger: o.duration("linger", time.Second), now: time.Now}
	if s.size < 1 || s.size > 1000 {
		o.fail(fmt.Errorf("batch: want 1 to 1000"))
	}
	return s, o.err
}

// newTransport returns connections with the TLS options.
func newTransport(o *options) *http.Transport {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: o.tls(), ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: ioTimeout, IdleConnTimeout: 90 * time.Second, MaxIdleConnsPerHost: 1}
}
