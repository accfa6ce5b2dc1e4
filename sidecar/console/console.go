package console

import (
	"crypto/subtle"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/sidecar/api"
)

// Root is the path below which the console lies.
const Root = "/console/"

// maxForm bounds what a form may send, in bytes.
const maxForm = 64 << 10

// Config configures a Console. API is required.
type Config struct {
	// API are the endpoints of the sidecar, without a guard before them.
	API http.Handler
	// Tokens are those of the guard before them elsewhere.
	Tokens api.Tokens
	// Log is told who signs in and who fails to; default slog.Default().
	Log *slog.Logger
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Console serves the pages. It is safe for concurrent use.
type Console struct {
	cfg      Config
	client   client
	sessions *sessions
	origin   *http.CrossOriginProtection
	pages    http.Handler
}

// New makes a Console.
func New(cfg Config) (*Console, error) {
	if cfg.API == nil {
		return nil, errors.New("console: the sidecar's endpoints are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Console{cfg: cfg, client: client{api.Local{Handler: cfg.API}}, sessions: newSessions(cfg.Now), origin: http.NewCrossOriginProtection()}
	mux := http.NewServeMux()
	for pattern, f := range map[string]func(*visit){
		"GET " + Root + "{$}": c.overview, "GET " + Root + "events": c.events, "GET " + Root + "event": c.event,
		"GET " + Root + "learning": c.learning, "GET " + Root + "learning/asset": c.asset, "GET " + Root + "learning/endpoint": c.endpoint,
		"POST " + Root + "learning/asset": c.changeAsset, "POST " + Root + "learning/endpoint": c.revoke,
		"GET " + Root + "suggestions": c.suggestions, "POST " + Root + "suggestions": c.settle,
		"GET " + Root + "audit": c.audit, "POST " + Root + "logout": c.logout,
		Root: func(v *visit) { v.fail(http.StatusNotFound, "There is no such page.") },
	} {
		mux.Handle(pattern, c.signedIn(f))
	}
	mux.HandleFunc("GET "+Root+"login", c.loginForm)
	mux.HandleFunc("POST "+Root+"login", c.login)
	mux.HandleFunc("GET "+Root+"static/{name}", static)
	c.pages = mux
	return c, nil
}

// Route is where the console goes in the sidecar's router. It has a guard of its
// own.
func (c *Console) Route() api.Route { return api.Route{Pattern: Root, Open: true, Handler: c} }

// policy is what a page may load and do.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	v := &visit{c: c, w: w, r: r}
	if !c.here(r) {
		v.fail(http.StatusMisdirectedRequest, "Without a token the console answers to localhost and loopback addresses only.")
		return
	}
	if err := c.origin.Check(r); err != nil {
		v.fail(http.StatusForbidden, "This came from another site.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	c.pages.ServeHTTP(w, r)
}

// here reports whether a request asks for a name that is this sidecar's. Where
// neither a token nor TLS tells a stranger, a name that a stranger has pointed
// at this address (DNS rebinding) must not do.
func (c *Console) here(r *http.Request) bool {
	if c.cfg.Tokens.Required() || r.TLS != nil {
		return true
	}
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && at.Network() == "unix" {
		return true // no browser's name leads there
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signedIn serves a page for those with a session; a form must have the
// session's secret in it.
func (c *Console) signedIn(page func(*visit)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{c: c, w: w, r: r, session: c.sessions.of(r)}
		switch {
		case v.session == nil && r.Method == http.MethodGet:
			http.Redirect(w, r, Root+"login", http.StatusSeeOther)
		case v.session == nil:
			v.fail(http.StatusForbidden, "Your session has ended: sign in again. Nothing was changed.")
		case r.Method == http.MethodPost && !v.genuine():
			v.fail(http.StatusForbidden, "This form does not belong to your session. Nothing was changed.")
		default:
			page(v)
		}
	})
}

// genuine reports whether a form has its session's secret.
func (v *visit) genuine() bool {
	return v.r.ParseForm() == nil && subtle.ConstantTimeCompare([]byte(v.r.PostForm.Get("csrf")), []byte(v.session.secret)) == 1
}
