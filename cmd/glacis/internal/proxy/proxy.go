package proxy

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"time"
)

// Proxy is the http.Handler that inspects and forwards. It is safe for
// concurrent use.
type Proxy struct {
	cfg     Config
	forward httputil.ReverseProxy
	via     string // this process in Via headers
}

// New makes a Proxy.
func New(cfg Config) (*Proxy, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if cfg.Events != nil {
		cfg.Metrics.Sinks(cfg.Events.Stats)
	}
	p := &Proxy{cfg: cfg, via: "glacis-" + randomHex(8)}
	p.forward = httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      newTransport(cfg.Upstream.Scheme),
		ModifyResponse: p.modifyResponse,
		ErrorHandler:   p.upstreamFailed,
		BufferPool:     copyBuffers{},
		ErrorLog:       log.New(logWriter{cfg.Log}, "", 0),
	}
	return p, nil
}

// newTransport returns the connection pool to the upstream. It never uses a
// proxy of the environment, never decompresses and has no limit on how long an
// answer takes: some are streams.
func newTransport(scheme string) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	t := &http.Transport{
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   256,
		DisableCompression:    true,
		Protocols:             new(http.Protocols),
	}
	t.Protocols.SetHTTP1(scheme != "h2c")
	t.Protocols.SetHTTP2(scheme == "https")
	t.Protocols.SetUnencryptedHTTP2(scheme == "h2c")
	return t
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	x := &exchange{p: p, in: r, rec: &recorder{ResponseWriter: w}, started: time.Now(), cancel: cancel,
		id: requestID(r.Header.Get(p.cfg.RequestIDHeader))}
	p.cfg.Metrics.inFlight.Inc()
	defer p.cfg.Metrics.inFlight.Dec()
	x.inspection = beginInspection(p.cfg.Inspector, p.cfg.InspectTimeout)
	defer x.finish()

	x.identify()
	x.inspection.request(r, x.source)
	x.count()
	x.guardAnswers()
	switch {
	case x.refused():
	case r.Method == http.MethodConnect:
		x.reject(http.StatusMethodNotAllowed)
	case p.looped(r):
		x.reject(http.StatusLoopDetected)
	case x.prevents() && p.cfg.MaxBodyBytes > 0 && r.ContentLength > p.cfg.MaxBodyBytes:
		x.reject(http.StatusRequestEntityTooLarge)
	default:
		out := r.WithContext(context.WithValue(ctx, exchangeKey{}, x))
		if x.openBody(out) {
			p.forward.ServeHTTP(x.rec, out)
		}
	}
}

// looped reports whether the request has been here before.
func (p *Proxy) looped(r *http.Request) bool {
	for _, via := range r.Header.Values("Via") {
		if strings.Contains(via, p.via) {
			return true
		}
	}
	return false
}

// rewrite addresses the request to the upstream.
func (p *Proxy) rewrite(pr *httputil.ProxyRequest) {
	x := exchangeOf(pr.In)
	setTarget(pr.Out.URL, p.cfg.Upstream, x.in)
	pr.Out.Host = pr.In.Host
	pr.SetXForwarded()
	if x.prevents() { // in mode detect the id is in our events only
		pr.Out.Header.Set(p.cfg.RequestIDHeader, x.id)
	}
	pr.Out.Header.Add("Via", strings.TrimPrefix(pr.In.Proto, "HTTP/")+" "+p.via)
	x.prepare(pr.Out)
}

// modifyResponse stops an answer that came before the verdict turned, and
// reports early about exchanges that may last.
func (p *Proxy) modifyResponse(res *http.Response) error {
	x := exchangeOf(res.Request)
	if x.refuses() {
		return errRefused
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		x.rec.status = res.StatusCode
	}
	if err := x.checkAnswer(res); err != nil {
		return err
	}
	x.earlyAnswer(res.Header, 0)
	if x.inspection.result().ended && !x.answers.pending() {
		x.report(res.StatusCode)
	}
	return nil
}

// upstreamFailed answers when there is no response to pass on. The reason may
// be anywhere: our own refusal, the client's connection or the upstream's.
func (p *Proxy) upstreamFailed(_ http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r)
	if x.withhold() || x.refused() {
		return
	}
	if bodyErr := x.bodyError(); bodyErr != nil {
		x.reject(bodyStatus(bodyErr))
		return
	}
	status, cause := http.StatusBadGateway, "connection"
	var timeout net.Error
	switch {
	case x.in.Context().Err() != nil:
		x.rec.status = statusClientClosed
		return
	case errors.As(err, &timeout) && timeout.Timeout():
		status, cause = http.StatusGatewayTimeout, "timeout"
	}
	p.cfg.Metrics.upstream.WithLabelValues(cause).Inc()
	p.cfg.Log.LogAttrs(r.Context(), slog.LevelError, "upstream failed", slog.String("request_id", x.id), slog.Any("error", err))
	x.answer(status)
}

// copyBuffers lends the reverse proxy its copy buffers.
type copyBuffers struct{}

var copyPool = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

// Get implements httputil.BufferPool.
func (copyBuffers) Get() []byte {
	b, _ := copyPool.Get().(*[]byte)
	return *b
}

// Put implements httputil.BufferPool.
func (copyBuffers) Put(b []byte) { copyPool.Put(&b) }

// logWriter passes messages of net/http on to slog.
type logWriter struct{ log *slog.Logger }

// Write implements io.Writer for a log.Logger: one call a message.
func (w logWriter) Write(message []byte) (int, error) {
	w.log.Debug("net/http", slog.String("message", strings.TrimSpace(string(message))))
	return len(message), nil
}
