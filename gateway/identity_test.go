package gateway

import (
	"encoding/base64"
	"strings"
	"testing"
)

func bearer(payload string) string {
	return "Bearer e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
}

func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		text   string
		lines  []string
		source string
		want   string
	}{
		{"", []string{"x"}, "", ""},
		{"header:X-User", []string{" ann "}, "X-User", "ann"},
		{"header:X-User", []string{"ann", "bob"}, "X-User", ""},
		{"header:X-User", nil, "X-User", ""},
		{"cookie:sid", []string{"a=1; sid=7f", "b=2"}, "Cookie", "7f"},
		{"cookie:sid", []string{"sid=1; sid=2"}, "Cookie", ""},
		{"cookie:sid", []string{"sid=1", "sid=1"}, "Cookie", ""},
		{"cookie:sid", []string{"xsid=1; SID=2"}, "Cookie", ""},
		{"jwt:sub", []string{bearer(`{"iss":"x","sub":"ann"}`)}, "Authorization", "ann"},
		{"verified jwt:uid", []string{bearer(`{"uid":17}`)}, "Authorization", "17"},
		{"jwt:sub", []string{bearer(`{"sub":"ann","sub":"bob"}`)}, "Authorization", ""},
		{"jwt:sub", []string{bearer(`{"sub":"ann"`)}, "Authorization", ""},
		{"jwt:sub", []string{"Basic YTpi"}, "Authorization", ""},
		{"jwt:sub", []string{"Bearer a.b"}, "Authorization", ""},
		{"jwt:sub", []string{"Bearer e30.%.c"}, "Authorization", ""},
		{"jwt:sub", []string{bearer(`{"sub":"` + strings.Repeat("x", 9000) + `"}`)}, "Authorization", ""},
	} {
		d, err := ParseIdentity(c.text)
		if err != nil || d.Source() != c.source || d.Find(c.lines) != c.want || d.Verified != strings.HasPrefix(c.text, "verified") {
			t.Errorf("%q %q: %+v, %q, %v", c.text, c.lines, d, d.Find(c.lines), err)
		}
	}
	for _, text := range []string{"X-User", "header:", "cookie:a b", "jwt:" + strings.Repeat("x", 200), "query:id", "verified "} {
		if d, err := ParseIdentity(text); err == nil {
			t.Errorf("%q: %+v", text, d)
		}
	}
}
