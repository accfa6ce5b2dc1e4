package request

import (
	"bytes"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// curlBoundary stands for the random boundary that curl would choose.
const curlBoundary = "------------------------glacis0000000000"

// request builds the request for one URL, with the headers in curl's order.
func (c *curlCommand) request(address string) Request {
	host, target := splitURL(address)
	body := strings.Join(c.data, "")
	query := c.query
	if c.get {
		if c.hasData {
			query = append(query[:len(query):len(query)], body)
		}
		body = ""
	}
	for _, q := range query {
		if strings.Contains(target, "?") {
			target += "&" + q
		} else {
			target += "?" + q
		}
	}
	var r Request
	if c.target != "" {
		target = c.target
	}
	r.HTTP.URI = target
	r.HTTP.Method = c.verb()
	add := func(name, value string) {
		for _, removed := range c.removed {
			if strings.EqualFold(removed, name) {
				return
			}
		}
		r.HTTP.Headers = append(r.HTTP.Headers, core.Header{Name: name, Value: value})
	}
	add("Host", host)
	switch {
	case c.bearer != "":
		add("Authorization", "Bearer "+c.bearer)
	case c.user != "":
		add("Authorization", basicAuth(c.user))
	}
	if c.byteRange != "" {
		add("Range", "bytes="+c.byteRange)
	}
	if c.agent != "" {
		add("User-Agent", c.agent)
	} else {
		add("User-Agent", "curl/8.5.0")
	}
	if c.json {
		add("Accept", "application/json")
	} else {
		add("Accept", "*/*")
	}
	if c.compressed {
		add("Accept-Encoding", "deflate, gzip, br, zstd")
	}
	if c.referer != "" {
		add("Referer", c.referer)
	}
	if len(c.cookies) > 0 {
		add("Cookie", strings.Join(c.cookies, "; "))
	}
	r.HTTP.Headers = append(r.HTTP.Headers, c.headers...)
	switch {
	case len(c.form) > 0:
		var b bytes.Buffer
		for _, p := range c.form {
			writePart(&b, curlBoundary, p)
		}
		b.WriteString("--" + curlBoundary + "--\r\n")
		r.HTTP.Body = b.Bytes()
		add("Content-Type", "multipart/form-data; boundary="+curlBoundary)
	case c.json:
		add("Content-Type", "application/json")
		r.HTTP.Body = []byte(body)
	case c.hasData && !c.get:
		add("Content-Type", "application/x-www-form-urlencoded")
		r.HTTP.Body = []byte(body)
	}
	if len(r.HTTP.Body) == 0 {
		r.HTTP.Body = nil
	}
	return r
}

// verb is the method: as given, or what the other options imply.
func (c *curlCommand) verb() string {
	switch {
	case c.method != "":
		return c.method
	case c.head:
		return "HEAD"
	case c.upload:
		return "PUT"
	case len(c.form) > 0, c.hasData && !c.get:
		return "POST"
	}
	return "GET"
}
