package gateway

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/policy"
)

func TestCustom(t *testing.T) {
	const html = "text/html,*/*;q=0.8"
	full := &policy.Response{Status: 406, Page: "<p>{id}", JSON: `{"id":"{id}"}`}
	cases := []struct {
		response *policy.Response
		accept   string
		status   int
		kind     string
		body     string
	}{
		{full, html, 406, "text/html; charset=utf-8", "<p>abcdefgh"},
		{full, "application/json", 406, "application/json", `{"id":"abcdefgh"}`},
		{&policy.Response{}, "", 403, "application/problem+json", "Forbidden"},
		{&policy.Response{Status: 418, Page: "<p>"}, "*/*", 418, "application/problem+json", "abcdefgh"},
		{&policy.Response{Status: 303, Redirect: "/sorry?id={id}"}, html, 303, "", ""},
	}
	for i := 0; i < len(cases); i++ {
		c := &cases[i]
		r := Custom(c.response, c.accept, "abcdefgh")
		if r.Status != c.status || r.ContentType != c.kind || !strings.Contains(r.Body, c.body) {
			t.Errorf("case %d: %d %q %q", i, r.Status, r.ContentType, r.Body)
		}
		if c.response.Redirect != "" && (r.Headers[0].Name != "Location" || r.Headers[0].Value != "/sorry?id=abcdefgh") {
			t.Errorf("case %d: %+v", i, r.Headers)
		}
	}
}
