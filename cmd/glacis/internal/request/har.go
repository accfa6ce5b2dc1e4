package request

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/tidwall/gjson"
)

// decodeHAR decodes one element of log.entries (HAR 1.2). The target is the
// part of request.url behind the authority, without the fragment, which no
// browser sends. Pseudo headers of HTTP/2 (":path") are left out; Host comes
// from the URL when the headers lack it. Where only request.cookies or
// postData.params are given, the header or the body is rebuilt from them.
func decodeHAR(data []byte, dst []Request) ([]Request, error) {
	if !json.Valid(data) {
		return dst, errors.New("the entry is not valid JSON")
	}
	req := gjson.GetBytes(data, "request")
	if !req.IsObject() {
		return dst, errors.New(`the entry has no "request" object`)
	}
	var r Request
	r.HTTP.Method = req.Get("method").String()
	address := req.Get("url").String()
	if r.HTTP.Method == "" || address == "" {
		return dst, errors.New("the entry's request has no method or no url")
	}
	host, target := splitURL(address)
	r.HTTP.URI = target
	haveHost, haveCookie := false, false
	req.Get("headers").ForEach(func(_, h gjson.Result) bool {
		name := h.Get("name").String()
		if strings.HasPrefix(name, ":") {
			return true
		}
		haveHost = haveHost || strings.EqualFold(name, "Host")
		haveCookie = haveCookie || strings.EqualFold(name, "Cookie")
		r.HTTP.Headers = append(r.HTTP.Headers, core.Header{Name: name, Value: h.Get("value").String()})
		return true
	})
	if !haveHost && host != "" {
		r.HTTP.Headers = append([]core.Header{{Name: "Host", Value: host}}, r.HTTP.Headers...)
	}
	if !haveCookie {
		var pairs []string
		req.Get("cookies").ForEach(func(_, c gjson.Result) bool {
			pairs = append(pairs, c.Get("name").String()+"="+c.Get("value").String())
			return true
		})
		if len(pairs) > 0 {
			r.HTTP.Headers = append(r.HTTP.Headers, core.Header{Name: "Cookie", Value: strings.Join(pairs, "; ")})
		}
	}
	if err := r.setPostData(req.Get("postData")); err != nil {
		return dst, err
	}
	return append(dst, r), nil
}

// setPostData takes the body from postData: its text, base64 where so marked,
// or else its params.
func (r *Request) setPostData(post gjson.Result) error {
	if !post.IsObject() {
		return nil
	}
	mime := post.Get("mimeType").String()
	if mime != "" && !r.hasHeader("Content-Type") {
		r.HTTP.Headers = append(r.HTTP.Headers, core.Header{Name: "Content-Type", Value: mime})
	}
	text, params := post.Get("text").String(), post.Get("params")
	switch {
	case text != "" && strings.EqualFold(post.Get("encoding").String(), "base64"):
		body, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return fmt.Errorf("postData: %w", err)
		}
		r.HTTP.Body = body
	case text != "":
		r.HTTP.Body = []byte(text)
	case !params.IsArray() || len(params.Array()) == 0:
	default:
		if _, boundary, ok := strings.Cut(mime, "boundary="); ok {
			boundary, _, _ = strings.Cut(boundary, ";")
			r.HTTP.Body = multipartBody(strings.Trim(boundary, `" `), params)
		} else {
			r.HTTP.Body = formBody(params)
		}
	}
	return nil
}

// hasHeader says whether there is a header of that name.
func (r *Request) hasHeader(name string) bool {
	for _, h := range r.HTTP.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// formBody writes params as application/x-www-form-urlencoded.
func formBody(params gjson.Result) []byte {
	var b bytes.Buffer
	params.ForEach(func(_, p gjson.Result) bool {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.Get("name").String()))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(p.Get("value").String()))
		return true
	})
	return b.Bytes()
}

// multipartBody writes params as multipart/form-data (RFC 7578).
func multipartBody(boundary string, params gjson.Result) []byte {
	var b bytes.Buffer
	params.ForEach(func(_, p gjson.Result) bool {
		writePart(&b, boundary, part{
			name: p.Get("name").String(), value: p.Get("value").String(),
			fileName: p.Get("fileName").String(), contentType: p.Get("contentType").String(),
		})
		return true
	})
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes()
}

// part is one part of a multipart/form-data body.
type part struct{ name, value, fileName, contentType string }

var quotedString = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

func writePart(b *bytes.Buffer, boundary string, p part) {
	b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quotedString.Replace(p.name) + `"`)
	if p.fileName != "" {
		b.WriteString(`; filename="` + quotedString.Replace(p.fileName) + `"`)
	}
	if p.contentType != "" {
		b.WriteString("\r\nContent-Type: " + p.contentType)
	}
	b.WriteString("\r\n\r\n" + p.value + "\r\n")
}

// splitURL splits an absolute or relative URL, without decoding anything, into
// authority (without user) and request target (without fragment).
func splitURL(address string) (host, target string) {
	address, _, _ = strings.Cut(address, "#")
	rest := address
	if i := strings.Index(address, "://"); i >= 0 && i < 12 {
		rest = address[i+len("://"):]
	} else if strings.HasPrefix(address, "/") {
		return "", address
	}
	host = rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, target = rest[:i], rest[i:]
	}
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	return host, target
}
