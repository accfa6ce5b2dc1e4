package policy

import (
	"strconv"
	"strings"
)

// defaultHeaders are those of the protection securityHeaders that names none.
func defaultHeaders() []HeaderValue {
	return []HeaderValue{{Name: "X-Content-Type-Options", Value: "nosniff"}, {Name: "X-Frame-Options", Value: "SAMEORIGIN"},
		{Name: "Referrer-Policy", Value: "strict-origin-when-cross-origin"}}
}

// Answers says which checks of answers an asset wants, with each its mode, ""
// for off: a wrapper that sees answers asks for it, once a request.
type Answers struct {
	OpenRedirect, ErrorDisclosure, SecurityHeaders string
	// Headers are those of SecurityHeaders.
	Headers []HeaderValue
}

// Answers returns the checks of answers of an asset (Verdict.Asset), nil if
// there is none.
func (p *Policy) Answers(asset string) *Answers {
	n, ok := p.names[asset]
	if !ok {
		return nil
	}
	return p.assets[n].answers
}

// answerChecks compiles the checks of answers.
func answerChecks(p *Protections) *Answers {
	a := &Answers{}
	if active(p.OpenRedirect.Mode) {
		a.OpenRedirect = p.OpenRedirect.Mode
	}
	if active(p.ErrorDisclosure.Mode) {
		a.ErrorDisclosure = p.ErrorDisclosure.Mode
	}
	if active(p.SecurityHeaders.Mode) {
		a.SecurityHeaders = p.SecurityHeaders.Mode
		a.Headers = p.SecurityHeaders.Headers
		if len(a.Headers) == 0 {
			a.Headers = defaultHeaders()
		}
	}
	if a.OpenRedirect == "" && a.ErrorDisclosure == "" && a.SecurityHeaders == "" {
		return nil
	}
	return a
}

// Foreign says whether a host that an answer redirects to is not the site's
// own: neither that of the request nor below it, nor one of any asset, nor
// trusted by the asset of the request. Hosts are in lower case, each with or
// without a port, which is of no account.
func (p *Policy) Foreign(asset, requested, target string) bool {
	own, _ := cut([]byte(requested))
	name, _ := cut([]byte(target))
	if string(own) == string(name) || strings.HasSuffix(string(name), "."+string(own)) && len(own) > 0 {
		return false
	}
	n, ok := p.names[asset]
	if ok && p.assets[n].trusted != nil && p.assets[n].trusted.find([]byte(target), []byte("/")) >= 0 {
		return false
	}
	return p.owned.find([]byte(target), []byte("/")) < 0
}

// hosts compiles a list of hosts, nil for none.
func (c *compiler) hosts(path string, in []string) *sites {
	if len(in) == 0 {
		return nil
	}
	s := newSites()
	for i := 0; i < len(in); i++ {
		tree, err := s.add(in[i])
		if err != nil {
			c.problems.add(index(path, i), strconv.Quote(in[i])+": "+err.Error())
			continue
		}
		s.put(tree, "/", 0)
	}
	return s
}

// own enters a host of an asset among those that redirects may go to; a host
// that stands for all of them says nothing.
func (c *compiler) own(host string) {
	if host == "*" || strings.HasPrefix(host, "*:") {
		return
	}
	if tree, err := c.p.owned.add(host); err == nil { // the error has been reported
		c.p.owned.put(tree, "/", 0)
	}
}

// responseHeaders checks headers that are to be added to answers.
func (c *compiler) responseHeaders(path string, in []HeaderValue) {
	for i := 0; i < len(in); i++ {
		at := index(path, i)
		if in[i].Name == "" {
			c.problems.add(at+".name", "is required")
		}
		for k := 0; k < len(in[i].Name); k++ {
			if b := in[i].Name[k]; b <= ' ' || b >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", b) >= 0 {
				c.problems.add(at+".name", strconv.Quote(in[i].Name)+" is no header name")
				break
			}
		}
		if in[i].Value == "" {
			c.problems.add(at+".value", "is required")
		}
		if strings.ContainsAny(in[i].Value, "\r\n\x00") {
			c.problems.add(at+".value", "line ends are not allowed")
		}
	}
}
