package main

import (
	"fmt"
	"strings"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/types"
	"github.com/glacis-waf/glacis/conformance/benchset"
)

// directives are Coraza's recommended configuration and the Core Rule Set as
// they come (paranoia level 1, request bodies read), with the engine switched
// from detection to blocking and without an audit log on disk. Responses are
// not inspected, because Glacis does not inspect them either.
const directives = `
Include @coraza.conf-recommended
SecRuleEngine On
SecResponseBodyAccess Off
SecAuditEngine Off
Include @crs-setup.conf.example
Include @owasp_crs/*.conf
`

// corazaCRS is Coraza v3 with the OWASP Core Rule Set v4.
type corazaCRS struct{ waf coraza.WAF }

func newCoraza() (*corazaCRS, error) {
	waf, err := coraza.NewWAF(coraza.NewWAFConfig().WithRootFS(coreruleset.FS).WithDirectives(directives).
		WithErrorCallback(func(types.MatchedRule) {}))
	if err != nil {
		return nil, fmt.Errorf("coraza: %w", err)
	}
	return &corazaCRS{waf: waf}, nil
}

func (*corazaCRS) name() string { return "coraza" }

func (c *corazaCRS) refuses(r *benchset.Request) (refused bool, err error) {
	tx := c.waf.NewTransaction()
	defer func() {
		tx.ProcessLogging()
		if e := tx.Close(); e != nil && err == nil {
			err = fmt.Errorf("coraza: close: %w", e)
		}
	}()
	tx.ProcessConnection("192.0.2.1", 40000, "192.0.2.2", 443)
	tx.ProcessURI(r.URI, r.Method, "HTTP/1.1")
	for _, h := range r.Headers {
		tx.AddRequestHeader(h.Name, h.Value)
		if strings.EqualFold(h.Name, "Host") {
			tx.SetServerName(h.Value)
		}
	}
	if len(r.Body) > 0 {
		tx.AddRequestHeader("Content-Length", fmt.Sprint(len(r.Body)))
	}
	if tx.ProcessRequestHeaders() != nil {
		return true, nil
	}
	if len(r.Body) > 0 {
		it, _, err := tx.WriteRequestBody(r.Body)
		if err != nil {
			return false, fmt.Errorf("coraza: body: %w", err)
		}
		if it != nil {
			return true, nil
		}
	}
	it, err := tx.ProcessRequestBody()
	if err != nil {
		return false, fmt.Errorf("coraza: body: %w", err)
	}
	return it != nil, nil
}
