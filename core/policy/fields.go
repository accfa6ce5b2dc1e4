package policy

// One list of fields a struct, in the order of its declaration.

func (d *Document) visit(c *codec) {
	c.str("apiVersion", &d.APIVersion)
	c.str("name", &d.Name)
	c.str("model", &d.Model)
	c.object("defaults", &d.Defaults)
	c.list("assets", len(d.Assets), func(n int) { d.Assets = make([]Asset, n) }, func(i int) visitor { return &d.Assets[i] })
	c.list("exceptions", len(d.Exceptions), func(n int) { d.Exceptions = make([]Exception, n) }, func(i int) visitor { return &d.Exceptions[i] })
	c.list("addressLists", len(d.AddressLists), func(n int) { d.AddressLists = make([]AddressList, n) }, func(i int) visitor { return &d.AddressLists[i] })
	c.list("responses", len(d.Responses), func(n int) { d.Responses = make([]Response, n) }, func(i int) visitor { return &d.Responses[i] })
	c.list("rateLimits", len(d.RateLimits), func(n int) { d.RateLimits = make([]RateLimit, n) }, func(i int) visitor { return &d.RateLimits[i] })
	c.object("source", &d.Source)
	c.object("failMode", &d.FailMode)
	c.object("logging", &d.Logging)
	c.object("learning", &d.Learning)
}

func (s *Settings) visit(c *codec) {
	c.str("mode", &s.Mode)
	c.str("learning", &s.Learning)
	c.str("confidence", &s.Confidence)
	c.object("limits", &s.Limits)
	c.str("response", &s.Response)
	c.object("protections", &s.Protections)
}

func (a *Asset) visit(c *codec) {
	c.str("name", &a.Name)
	c.strs("hosts", &a.Hosts)
	c.strs("paths", &a.Paths)
	c.str("mode", &a.Mode)
	c.str("learning", &a.Learning)
	c.str("confidence", &a.Confidence)
	c.object("limits", &a.Limits)
	c.str("response", &a.Response)
	c.object("protections", &a.Protections)
}

func (l *Limits) visit(c *codec) {
	c.num("urlBytes", &l.URLBytes)
	c.num("headerBytes", &l.HeaderBytes)
	c.num("bodyBytes", &l.BodyBytes)
	c.num("depth", &l.Depth)
	c.num("values", &l.Values)
	c.str("overLimit", &l.OverLimit)
	c.list("bodies", len(l.Bodies), func(n int) { l.Bodies = make([]BodyLimit, n) }, func(i int) visitor { return &l.Bodies[i] })
}

func (b *BodyLimit) visit(c *codec) {
	c.strs("kinds", &b.Kinds)
	c.num("bytes", &b.Bytes)
	c.str("overLimit", &b.OverLimit)
}

func (a *AddressList) visit(c *codec) {
	c.str("name", &a.Name)
	c.strs("addresses", &a.Addresses)
}

func (r *Response) visit(c *codec) {
	c.str("name", &r.Name)
	c.num("status", &r.Status)
	c.str("page", &r.Page)
	c.str("json", &r.JSON)
	c.str("redirect", &r.Redirect)
}

func (r *RateLimit) visit(c *codec) {
	c.str("name", &r.Name)
	c.strs("assets", &r.Assets)
	c.strs("paths", &r.Paths)
	c.strs("methods", &r.Methods)
	c.num("requests", &r.Requests)
	c.str("window", &r.Window)
	c.num("burst", &r.Burst)
	c.str("mode", &r.Mode)
}

func (s *Source) visit(c *codec) {
	c.strs("trustedProxies", &s.TrustedProxies)
	c.str("header", &s.Header)
}

func (f *FailMode) visit(c *codec) {
	c.str("default", &f.Default)
	c.str("panic", &f.Panic)
	c.str("timeout", &f.Timeout)
	c.str("sidecar", &f.Sidecar)
	c.str("config", &f.Config)
	c.str("body", &f.Body)
	c.str("overload", &f.Overload)
	c.str("busy", &f.Busy)
	c.str("headers", &f.Headers)
	c.str("host", &f.Host)
	c.str("protocol", &f.Protocol)
}

func (l *Logging) visit(c *codec) {
	c.str("level", &l.Level)
	c.strs("redact", &l.Redact)
	c.strs("sinks", &l.Sinks)
}

func (l *Learning) visit(c *codec) {
	c.num("minSources", &l.MinSources)
	c.num("forgetAfterDays", &l.ForgetAfterDays)
	c.num("maxDiscount", &l.MaxDiscount)
	c.num("maxBytes", &l.MaxBytes)
	c.strs("exclude", &l.Exclude)
}

func (p *Protections) visit(c *codec) {
	c.object("methods", &p.Methods)
	c.object("addresses", &p.Addresses)
	c.object("csrf", &p.CSRF)
	c.object("openRedirect", &p.OpenRedirect)
	c.object("errorDisclosure", &p.ErrorDisclosure)
	c.object("securityHeaders", &p.SecurityHeaders)
	c.object("geo", &p.Geo)
}

func (m *MethodCheck) visit(c *codec) {
	c.str("mode", &m.Mode)
	c.strs("allow", &m.Allow)
}

func (a *AddressCheck) visit(c *codec) {
	c.str("mode", &a.Mode)
	c.strs("allow", &a.Allow)
	c.strs("deny", &a.Deny)
}

func (o *OriginCheck) visit(c *codec) {
	c.str("mode", &o.Mode)
	c.strs("trustedOrigins", &o.TrustedOrigins)
}

func (r *RedirectCheck) visit(c *codec) {
	c.str("mode", &r.Mode)
	c.strs("trustedHosts", &r.TrustedHosts)
}

func (r *ResponseCheck) visit(c *codec) {
	c.str("mode", &r.Mode)
}

func (h *HeaderCheck) visit(c *codec) {
	c.str("mode", &h.Mode)
	c.list("headers", len(h.Headers), func(n int) { h.Headers = make([]HeaderValue, n) }, func(i int) visitor { return &h.Headers[i] })
}

func (h *HeaderValue) visit(c *codec) {
	c.str("name", &h.Name)
	c.str("value", &h.Value)
}

func (g *GeoCheck) visit(c *codec) {
	c.str("mode", &g.Mode)
	c.strs("allow", &g.Allow)
	c.strs("deny", &g.Deny)
}

func (e *Exception) visit(c *codec) {
	c.str("id", &e.ID)
	c.str("action", &e.Action)
	c.strs("assets", &e.Assets)
	c.strs("paths", &e.Paths)
	c.strs("methods", &e.Methods)
	c.strs("locations", &e.Locations)
	c.strs("jsonPaths", &e.JSONPaths)
	c.strs("families", &e.Families)
	c.strs("indicators", &e.Indicators)
	c.strs("sources", &e.Sources)
	c.list("headers", len(e.Headers), func(n int) { e.Headers = make([]HeaderValue, n) }, func(i int) visitor { return &e.Headers[i] })
	c.str("value", &e.Value)
	c.str("owner", &e.Owner)
	c.str("reason", &e.Reason)
	c.str("expires", &e.Expires)
}
