package request

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// encoders write a request in each format that can hold it; ok is false for
// one that cannot.
var encoders = map[string]func(uri, value string, body []byte) (text string, ok bool){
	"jsonl": func(uri, value string, body []byte) (string, bool) {
		data, err := json.Marshal(map[string]any{
			"id": "i", "method": "POST", "uri": uri, "headers": [][2]string{{"X-V", value}},
			"body_b64": base64.StdEncoding.EncodeToString(body),
		})
		return string(data) + "\n", err == nil && utf8.ValidString(uri) && utf8.ValidString(value)
	},
	"har": func(uri, value string, body []byte) (string, bool) {
		request := map[string]any{
			"method": "POST", "url": "http://h.test" + uri,
			"headers":  []any{map[string]string{"name": "Host", "value": "h.test"}, map[string]string{"name": "X-V", "value": value}, map[string]string{"name": "Content-Type", "value": "a/b"}},
			"postData": map[string]string{"mimeType": "a/b", "encoding": "base64", "text": base64.StdEncoding.EncodeToString(body)},
		}
		data, err := json.Marshal(map[string]any{"log": map[string]any{"entries": []any{map[string]any{"request": request}}}})
		return string(data), err == nil && utf8.ValidString(uri) && utf8.ValidString(value)
	},
	"raw": func(uri, value string, body []byte) (string, bool) {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nX-V: %s\r\nContent-Length: %d\r\n\r\n%s", uri, value, len(body), body),
			!strings.ContainsAny(uri+value, "\r\n") && strings.TrimSpace(value) == value
	},
	"curl": func(uri, value string, body []byte) (string, bool) {
		quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
		text := "curl " + quote("http://h.test"+uri) + " -H " + quote("X-V: "+value) + " --data-raw " + quote(string(body)) + "\n"
		return text, value != "" && strings.TrimSpace(value) == value && !strings.ContainsAny(uri+value+string(body), "\n\x00")
	},
	"combined": func(uri, value string, _ []byte) (string, bool) {
		escape := func(s string) string {
			var b strings.Builder
			for i := 0; i < len(s); i++ {
				fmt.Fprintf(&b, `\x%02X`, s[i])
			}
			return b.String()
		}
		return `192.0.2.1 - - [01/Feb/2026:10:00:00 +0000] "POST ` + escape(uri) + ` HTTP/1.1" 200 1 "` + escape(value) + "\" \"-\"\n", value != "-"
	},
}

// FuzzRoundTrip checks that each reader gives back what was written down:
// target and header value, and the body where the format has one.
func FuzzRoundTrip(f *testing.F) {
	f.Add("a?b=%27", "v", []byte("body"))
	f.Add("é'\"\\$(x)`;|&", `a"b\c`, []byte("\x00\xff\r\n'\""))
	f.Fuzz(func(t *testing.T, path, value string, body []byte) {
		uri := "/" + path
		for format, encode := range encoders {
			text, ok := encode(uri, value, body)
			if !ok || strings.Contains(uri, "#") && (format == "curl" || format == "har") {
				continue
			}
			checkRoundTrip(t, format, text, uri, value, body)
		}
	})
}

func checkRoundTrip(t *testing.T, format, text, uri, value string, body []byte) {
	t.Helper()
	var requests []Request
	s := open(t, []byte(text), format)
	for frame := range s.Frames() {
		var err error
		if requests, err = s.Decode(frame, requests); err != nil {
			t.Fatalf("%s %q: %v", format, text, err)
		}
	}
	if len(requests) != 1 {
		t.Fatalf("%s %q: %d requests", format, text, len(requests))
	}
	r := requests[0].HTTP
	if r.Method != "POST" || r.URI != uri && (format != "raw" || r.URI != strings.TrimSpace(uri)) {
		t.Fatalf("%s %q: %q %q", format, text, r.Method, r.URI)
	}
	found := false
	for _, h := range r.Headers {
		found = found || h.Value == value
	}
	if !found {
		t.Fatalf("%s %q: %q is not among %q", format, text, value, r.Headers)
	}
	if format != "combined" && string(r.Body) != string(body) {
		t.Fatalf("%s %q: body %q", format, text, r.Body)
	}
}

// TestFormRoundTrip checks that a form rebuilt from HAR parameters means what
// the parameters say.
func TestFormRoundTrip(t *testing.T) {
	const entry = `{"request":{"method":"POST","url":"/","postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a b","value":"c&d=é"},{"name":"","value":""}]}}}`
	requests, err := decodeHAR([]byte(entry), nil)
	if err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(string(requests[0].HTTP.Body))
	if err != nil || form.Get("a b") != "c&d=é" || len(form) != 2 {
		t.Fatalf("%q: %v, %v", requests[0].HTTP.Body, form, err)
	}
}
