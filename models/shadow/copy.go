package shadow

import (
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// Copy is a request of the sample as it passes. Its calls are those of
// core.Transaction; a nil Copy does nothing. One goroutine uses it at a time.
type Copy struct {
	shadow  *Shadow
	request core.Request
	left    int
	long    bool
	id      string
	verdict core.Verdict
}

// take says whether n more bytes are within the bound.
func (c *Copy) take(n int) bool {
	if c == nil || c.long {
		return false
	}
	if c.left -= n; c.left < 0 {
		c.long = true
		c.request = core.Request{} // nobody needs the beginning
	}
	return !c.long
}

// Source notes the client's address.
func (c *Copy) Source(address string) {
	if c.take(len(address)) {
		c.request.Source = address
	}
}

// RequestLine notes method and request target.
func (c *Copy) RequestLine(method, uri string) {
	if c.take(len(method) + len(uri)) {
		c.request.Method, c.request.URI = strings.Clone(method), strings.Clone(uri)
	}
}

// headerCost is what a header takes beside its text.
const headerCost = 32

// Header notes a header.
func (c *Copy) Header(name, value string) {
	if c.take(len(name) + len(value) + headerCost) {
		c.request.Headers = append(c.request.Headers, core.Header{Name: strings.Clone(name), Value: strings.Clone(value)})
	}
}

// Body copies a piece of the body.
func (c *Copy) Body(p []byte) {
	if c.take(len(p)) {
		c.request.Body = append(c.request.Body, p...)
	}
}

// Trailer notes a trailer.
func (c *Copy) Trailer(name, value string) {
	if c.take(len(name) + len(value) + headerCost) {
		c.request.Trailers = append(c.request.Trailers, core.Header{Name: strings.Clone(name), Value: strings.Clone(value)})
	}
}

// End hands the request over with the verdict in force. id is its request id.
// whole is false if not all of it was shown, which leaves nothing to compare.
// The Copy must not be used afterwards.
func (c *Copy) End(id string, v core.Verdict, whole bool) {
	if c == nil {
		return
	}
	defer func() { <-c.shadow.copies }()
	t := c.shadow.tally
	if c.long || !whole {
		t.partial.Add(1)
		return
	}
	c.id, c.verdict = strings.Clone(id), v
	select {
	case c.shadow.queue <- c:
	default:
		t.dropped.Add(1)
	}
}
