package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

// kind is a kind of request. Each has other values, so that nothing but what
// clients do repeat, their header lines, can be recalled.
type kind struct {
	name    string
	request func(n int) *http.Request
}

// browser are the header lines that every request has.
var browser = [][2]string{{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"},
	{"Accept", "application/json, text/plain, */*"}, {"Accept-Language", "en-US,en;q=0.9"}, {"Accept-Encoding", "gzip, deflate, br"}}

func request(method, target, contentType, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, target, http.NoBody)
	}
	for _, h := range browser {
		r.Header.Set(h[0], h[1])
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

func kinds() []kind {
	words := strings.Fields("wooden garden table lamp dark green light summer winter order street travel music river market")
	pick := func(n int) string { return words[(n%len(words)+len(words))%len(words)] }
	out := []kind{
		{"200 B query", func(n int) *http.Request {
			return request("GET", fmt.Sprintf("/search?q=%s+%s+for+the+%s&category=home-%s&page=%d&sort=price&order=asc&brand=nordic+light&color=%s&min=20&max=180&view=list&lang=en&instock=true&delivery=next+week&offer=%d",
				pick(n), pick(n/3), pick(n/5), pick(n+1), n&31, pick(n+7), n&1023), "", "")
		}},
		{"1 KB JSON, words and numbers", func(n int) *http.Request {
			var b strings.Builder
			b.WriteString(`{"items":[`)
			for i := 0; b.Len() < 900; i++ {
				fmt.Fprintf(&b, `{"name":"%s %s","count":%d,"note":"the %s one, please"},`, pick(n+i), pick(n*i), i, pick(n/2+i))
			}
			return request("POST", "/orders", "application/json", strings.TrimSuffix(b.String(), ",")+"]}")
		}},
		{"10 KB form, prose in 12 fields", func(n int) *http.Request {
			var b strings.Builder
			for i := 0; i < 12; i++ {
				fmt.Fprintf(&b, "field%d=", i)
				for k := 0; k < 110; k++ {
					b.WriteString(pick(n+i*k) + "+")
				}
				b.WriteString("end&")
			}
			return request("POST", "/form", "application/x-www-form-urlencoded", strings.TrimSuffix(b.String(), "&"))
		}},
	}
	if set, err := benchset.Load(); err == nil {
		for _, k := range set.Kinds {
			if k.Name != "upload_1m" && k.Name != "form_100k" {
				out = append(out, recorded(k))
			}
		}
	}
	return out
}

// recorded is a kind of the benchmark set: other requests, with addresses,
// tokens and article numbers, of which some are near the gate.
func recorded(k benchset.Kind) kind {
	return kind{k.Name + " of the benchmark set", func(n int) *http.Request {
		from := k.Requests[(n+len(k.Requests)*100)%len(k.Requests)]
		r := request(from.Method, from.URI, "", string(from.Body))
		r.Header = http.Header{}
		for _, h := range from.Headers {
			if h.Name == "Host" {
				r.Host = h.Value
			} else {
				r.Header.Add(h.Name, h.Value)
			}
		}
		return r
	}}
}
