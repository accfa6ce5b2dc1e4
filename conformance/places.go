package conformance

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// place puts a payload somewhere into an ordinary request.
type place struct {
	// location is where the engine reports it; "" if that depends.
	location string
	put      func(text string) core.Request
}

// places are by the name that stands in a case file. A name may be followed by
// encodings, the innermost first: "query#base64".
var places = map[string]place{
	"query": {"query.q", func(s string) core.Request {
		return core.Request{Method: "GET", URI: "/search?page=2&q=" + url.QueryEscape(s) + "&sort=name"}
	}},
	"path": {"path", func(s string) core.Request {
		return core.Request{Method: "GET", URI: "/items/" + url.PathEscape(s) + "/details"}
	}},
	"form": {"body.form.q", func(s string) core.Request {
		return post("application/x-www-form-urlencoded", "page=2&q="+url.QueryEscape(s)+"&sort=name")
	}},
	"json": {"body.json.filter.name", func(s string) core.Request {
		return post("application/json", `{"page":2,"filter":{"name":`+quoteJSON(s)+`,"active":true}}`)
	}},
	"xml": {"", func(s string) core.Request {
		return post("application/xml", `<?xml version="1.0"?><order><page>2</page><note>`+escapeXML(s)+`</note></order>`)
	}},
	"multipart": {"", func(s string) core.Request {
		return post("multipart/form-data; boundary=Y4hq7", "--Y4hq7\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\n2\r\n"+
			"--Y4hq7\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n"+s+"\r\n--Y4hq7--\r\n")
	}},
	"cookie": {"cookie.pref", func(s string) core.Request {
		return get("/account", core.Header{Name: "Cookie", Value: "lang=en; pref=" + url.QueryEscape(s)})
	}},
	"header": {"header.x-search", func(s string) core.Request {
		return get("/search", core.Header{Name: "X-Search", Value: s})
	}},
	"agent": {"header.user-agent", func(s string) core.Request {
		return get("/", core.Header{Name: "User-Agent", Value: s})
	}},
	"referer": {"", func(s string) core.Request {
		return get("/", core.Header{Name: "Referer", Value: "https://shop.test/list?from=" + url.QueryEscape(s)})
	}},
	"name": {"", func(s string) core.Request {
		return core.Request{Method: "GET", URI: "/search?" + url.QueryEscape(s) + "=1"}
	}},
	"target":   {"", func(s string) core.Request { return core.Request{Method: "GET", URI: s} }},
	"text":     {"", func(s string) core.Request { return post("text/plain", s) }},
	"rawjson":  {"", func(s string) core.Request { return post("application/json", s) }},
	"rawxml":   {"", func(s string) core.Request { return post("application/xml", s) }},
	"rawform":  {"", func(s string) core.Request { return post("application/x-www-form-urlencoded", s) }},
	"rawquery": {"", func(s string) core.Request { return core.Request{Method: "GET", URI: "/search?" + s} }},
	"rawcookie": {"", func(s string) core.Request {
		return get("/account", core.Header{Name: "Cookie", Value: s})
	}},
}

func get(uri string, headers ...core.Header) core.Request {
	return core.Request{Method: "GET", URI: uri, Headers: headers}
}

func post(contentType, body string) core.Request {
	return core.Request{Method: "POST", URI: "/search", Body: []byte(body),
		Headers: []core.Header{{Name: "Content-Type", Value: contentType}}}
}

func quoteJSON(s string) string {
	b, _ := json.Marshal(s) // strings always marshal
	return string(b)
}

func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

// put encodes text and puts it into the place "name#encoding…".
func put(where, text string) (r core.Request, location string, err error) {
	name, chain, _ := strings.Cut(where, "#")
	p, ok := places[name]
	if !ok {
		return r, "", fmt.Errorf("place %q: want one of %s", name, strings.Join(sorted(places), ", "))
	}
	for _, encoding := range strings.FieldsFunc(chain, func(r rune) bool { return r == '#' }) {
		encode, ok := encodings[encoding]
		if !ok {
			return r, "", fmt.Errorf("encoding %q: want one of %s", encoding, strings.Join(sorted(encodings), ", "))
		}
		text = encode(text)
	}
	return p.put(text), p.location, nil
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
