package walk

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/decode"
)

// Method judges the request method.
func (w *Walker) Method(method []byte) {
	w.input += len(method)
	if len(method) <= 7 && upper(method) {
		return
	}
	w.at(Meta, "method")
	w.value(method, 0, 0)
	w.path = w.path[:0]
}

func upper(b []byte) bool {
	for i := 0; i < len(b); i++ {
		if b[i] < 'A' || b[i] > 'Z' {
			return false
		}
	}
	return true
}

func (w *Walker) at(loc Loc, path string) {
	w.ctx.Loc = loc
	w.ctx.Name, w.ctx.Partial = false, false
	w.path = append(w.path[:0], path...)
	w.entered, w.floor, w.lost = 0, 0, 0
}

// Target judges the request target: path, parameters, fragment, and the
// authority of an absolute form.
func (w *Walker) Target(uri []byte) {
	w.input += len(uri)
	parts := decode.SplitURI(uri)
	if len(parts.Authority) > 0 {
		w.at(Meta, "authority")
		w.value(parts.Authority, 0, 0)
	}
	if len(parts.Path) > 1 {
		w.urlPath(parts.Path)
	}
	if len(parts.Query) > 0 {
		w.at(Query, "query")
		w.form(parts.Query)
	}
	if len(parts.Fragment) > 0 {
		w.at(Query, "fragment")
		w.value(parts.Fragment, 0, 0)
	}
	w.path = w.path[:0]
}

// urlPath judges the path as a whole, decoded once as every server does, and
// the segments that carry something of their own.
func (w *Walker) urlPath(path []byte) {
	w.at(Path, "path")
	if bytes.IndexByte(path, '%') < 0 {
		w.value(path, 0, 0)
	} else if dst := w.scratch(len(path)); dst != nil {
		out, got := decode.Percent(dst, path, false)
		mark := w.keep(out)
		w.value(out, 0, got&^(decode.Changed|decode.Percented))
		w.release(mark)
	}
	w.segments(path)
}

// segments looks into path segments that may hide a layer.
func (w *Walker) segments(path []byte) {
	start, index := 0, 0
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		seg := path[start:i]
		start = i + 1
		if len(seg) == 0 {
			continue
		}
		if len(seg) >= 12 && (decode.LooksBase64(seg) != decode.Base64None || decode.LooksJWT(seg)) {
			mark := w.pushIndex(index)
			w.ctx.Class = 0
			w.opaque(seg, 0, 0, 0)
			w.pop(mark)
		}
		index++
	}
}

func (w *Walker) pushIndex(i int) int {
	mark := len(w.path)
	var digits [12]byte
	n := len(digits)
	n--
	digits[n] = ']'
	for {
		n--
		digits[n] = byte('0' + i%10)
		i /= 10
		if i == 0 || n == 1 {
			break
		}
	}
	n--
	digits[n] = '['
	w.push(0, digits[n:])
	return mark
}

// form runs the form cursor over a whole query string.
func (w *Walker) form(query []byte) {
	f := w.enter()
	if f == nil {
		return
	}
	f.form.Reset()
	f.form.Window(query, true)
	for f.form.Next(&f.field) == decode.Found {
		w.field(&f.field, asForm, '.', 0, f.field.Flags)
	}
	w.leave()
}

// Header judges one header line, or a trailer line. Cookies and credentials
// are taken apart; every other value is judged as it is.
func (w *Walker) Header(name, value []byte, trailer bool) {
	w.input += len(name) + len(value)
	switch {
	case EqualFold(name, "cookie"):
		w.at(Cookie, "cookie")
		w.cookies(value)
	case EqualFold(name, "authorization") || EqualFold(name, "proxy-authorization"):
		w.at(Header, "header.")
		w.push(0, name)
		foldTail(w.path)
		scheme, cred := decode.Authorization(value)
		if len(scheme) == 0 {
			w.value(value, 0, 0)
			break
		}
		w.value(scheme, 0, 0)
		w.value(cred, 0, 0)
	case EqualFold(name, "host"):
		w.at(Meta, "host")
		w.value(value, 0, 0)
	default:
		w.at(Header, "header.")
		if trailer {
			w.at(Header, "trailer.")
		}
		w.push(0, name)
		foldTail(w.path)
		w.value(value, 0, 0)
	}
	if !token(name) {
		w.at(Header, "header")
		w.ctx.Name = true
		w.value(name, 0, 0)
		w.ctx.Name = false
	}
	w.path = w.path[:0]
}

func (w *Walker) cookies(value []byte) {
	f := w.enter()
	if f == nil {
		return
	}
	f.cookie.Reset()
	f.cookie.Window(value, true)
	for f.cookie.Next(&f.field) == decode.Found {
		w.field(&f.field, asCookie, '.', 0, f.field.Flags)
	}
	w.leave()
}

// token reports whether a header name is letters, digits, '-' and '_' and of
// ordinary length: such names carry no payload.
func token(name []byte) bool {
	if len(name) > 64 {
		return false
	}
	for i := 0; i < len(name); i++ {
		b := name[i] | 0x20
		if (b < 'a' || b > 'z') && (name[i] < '0' || name[i] > '9') && name[i] != '-' && name[i] != '_' {
			return false
		}
	}
	return true
}

// EqualFold reports whether b equals lower when ASCII case is ignored.
func EqualFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := 0; i < len(b); i++ {
		if b[i]|0x20 != lower[i] && b[i] != lower[i] {
			return false
		}
	}
	return true
}

// foldTail lower-cases the path in place; header names are case-insensitive.
func foldTail(b []byte) {
	for i := 0; i < len(b); i++ {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] |= 0x20
		}
	}
}
