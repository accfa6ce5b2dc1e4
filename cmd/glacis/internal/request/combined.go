package request

import (
	"errors"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// decodeCombined decodes a line of the common or combined log format of
// Apache and nginx, with or without fields before the client's address (a
// virtual host) or after the User-Agent:
//
//	192.0.2.1 - - [01/Feb/2026:10:00:00 +0000] "GET /?q=1 HTTP/1.1" 200 12 "referer" "agent"
//
// The quoted fields after the request are Referer and User-Agent, "-" means
// absent. A line whose request is "-" (the client sent nothing) is well formed
// and holds no request.
func decodeCombined(data []byte, dst []Request) ([]Request, error) {
	line := string(data)
	// The user name before the bracket is the client's to choose and may hold
	// blanks and quotes; the date never does.
	open := strings.Index(line, " [")
	if open < 0 {
		return dst, errors.New("no [date] field")
	}
	end := strings.Index(line[open:], `] "`)
	if end < 0 {
		return dst, errors.New(`no "request" field after the date`)
	}
	request, rest, ok := quotedField(line[open+end+len(`] `):])
	if !ok {
		return dst, errors.New("the request field has no closing quote")
	}
	if request == "-" {
		return dst, nil
	}
	var r Request
	r.HTTP.Method, r.HTTP.URI = splitRequestLine(request)
	for _, name := range []string{"Referer", "User-Agent"} {
		start := strings.Index(rest, ` "`)
		if start < 0 {
			break
		}
		var value string
		if value, rest, ok = quotedField(rest[start+1:]); !ok {
			return dst, errors.New("the " + name + " field has no closing quote")
		}
		if value != "-" {
			r.HTTP.Headers = append(r.HTTP.Headers, core.Header{Name: name, Value: value})
		}
	}
	return append(dst, r), nil
}

// splitRequestLine takes a request line apart. Blanks inside the target belong
// to the target. Without any blank the whole line is the target: a client that
// does not speak HTTP was logged, and its bytes are to be seen.
func splitRequestLine(line string) (method, uri string) {
	method, uri, ok := strings.Cut(line, " ")
	if !ok {
		return "", line
	}
	if i := strings.LastIndex(uri, " HTTP/"); i >= 0 {
		uri = uri[:i]
	} else if strings.HasPrefix(uri, "HTTP/") {
		uri = ""
	}
	return method, uri
}

// quotedField reads the field that starts with a quote at s[0] and undoes the
// log's escaping: \" \\ \n \r \t \b \v \f and \xHH. Other backslashes stay.
func quotedField(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] != '\\' || i+1 == len(s):
			b.WriteByte(s[i])
		case s[i+1] == 'x' && i+3 < len(s) && unhex(s[i+2]) >= 0 && unhex(s[i+3]) >= 0:
			b.WriteByte(byte(unhex(s[i+2])<<4 | unhex(s[i+3])))
			i += 3
		default:
			if c := strings.IndexByte(`"\nrtbvf`, s[i+1]); c >= 0 {
				b.WriteByte("\"\\\n\r\t\b\v\f"[c])
			} else {
				b.WriteString(s[i : i+2])
			}
			i++
		}
	}
	return "", "", false
}

// unhex returns the value of a hexadecimal digit or -1.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
