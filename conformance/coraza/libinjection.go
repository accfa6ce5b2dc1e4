package main

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"

	libinj "github.com/corazawaf/libinjection-go"
	"github.com/glacis-waf/glacis/conformance/benchset"
)

// libinjection runs both detectors of libinjection (SQL injection and
// cross-site scripting, nothing else) over the values that a caller would hand
// it: decoded query and form values, header values, multipart fields and file
// names but not file contents, and any other body as a whole.
type libinjection struct{}

func (libinjection) name() string { return "libinjection" }

func (libinjection) refuses(r *benchset.Request) (bool, error) {
	found := false
	test := func(s string) {
		if sqli, _ := libinj.IsSQLi(s); sqli || libinj.IsXSS(s) {
			found = true
		}
	}
	path, query, _ := strings.Cut(r.URI, "?")
	test(unescape(path))
	values(query, test)
	contentType := ""
	for _, h := range r.Headers {
		test(h.Value)
		if strings.EqualFold(h.Name, "Content-Type") {
			contentType = h.Value
		}
	}
	kind, params, _ := mime.ParseMediaType(contentType)
	switch {
	case len(r.Body) == 0:
	case kind == "application/x-www-form-urlencoded":
		values(string(r.Body), test)
	case kind == "multipart/form-data":
		return found, parts(r.Body, params["boundary"], test)
	default:
		test(string(r.Body))
	}
	return found, nil
}

func unescape(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return s
}

func values(s string, test func(string)) {
	for len(s) > 0 {
		var pair string
		pair, s, _ = strings.Cut(s, "&")
		_, value, _ := strings.Cut(pair, "=")
		test(unescape(value))
	}
}

func parts(body []byte, boundary string, test func(string)) error {
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if name := part.FileName(); name != "" {
			test(name)
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		test(string(value))
	}
}
