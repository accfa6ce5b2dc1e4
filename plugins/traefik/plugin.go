package traefik

import (
	"context"
	"errors"
	"net/http"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// plugin is the middleware of one router.
type plugin struct {
	next     http.Handler
	settings gateway.Settings
	shared   *shared
	auto     bool            // the embedded engine stands in for the sidecar
	engine   *core.Engine    // proves requests without an exchange; nil for never
	aside    map[string]bool // the header that differs with each request
	quickly  bool            // the sidecar is asked without an exchange
}

// New makes the middleware for one router; Traefik calls it. name is the
// middleware's. An error keeps Traefik from making the router.
func New(ctx context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	o, err := config.check()
	if err != nil {
		return nil, errors.New("glacis middleware " + name + ": " + err.Error())
	}
	p := &plugin{next: next, settings: o.settings, auto: o.engine == engineAuto,
		aside: map[string]bool{http.CanonicalHeaderKey(o.settings.RequestIDHeader): true}}
	if o.settings.Mode == gateway.Off {
		return p, nil
	}
	p.shared, err = acquire(ctx, &o)
	if err != nil {
		return nil, errors.New("glacis middleware " + name + ": " + err.Error())
	}
	p.engine = p.quick()
	p.quickly = p.asks()
	return p, nil
}

// ServeHTTP implements http.Handler. The ResponseWriter goes on as it came: a
// wrapper made of interpreted code would lose Flusher and Hijacker, and with
// them event streams and WebSockets.
func (p *plugin) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if p.shared != nil && p.shared.mirror != nil {
		p.shared.mirror.offer(r, p.settings.Mode == gateway.Prevent)
	}
	if p.settings.Mode == gateway.Off || p.clean(r) {
		p.next.ServeHTTP(rw, r)
		return
	}
	var told *heard
	if p.quickly {
		ok, h := p.ask(r)
		if ok {
			p.next.ServeHTTP(rw, r)
			return
		}
		told = h
	}
	x := begin(p, r)
	x.told = told
	defer x.finish()
	x.head()
	if !x.openBody() {
		x.refuse(rw)
		return
	}
	p.next.ServeHTTP(rw, r)
}
