package walk

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
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

// Target judges the request target: path, parameters, fragment, and the
// authority of an absolute form.
func (w *Walker) Target(uri []byte) {
	w.input += len(uri)
	if w.skim != nil && w.skim.target(w, uri) {
		return
	}
	parts := decode.SplitURI(uri)
	if parts.Form == decode.OpaqueForm || len(parts.Scheme) > 0 && !EqualFold(parts.Scheme, "http") && !EqualFold(parts.Scheme, "https") {
		w.at(Meta, "target")
		w.value(uri, 0, 0)
	}
	if len(parts.Authority) > 0 && parts.Form != decode.NetworkForm {
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
	if w.skim != nil && w.skim.path(w, path) {
		return
	}
	w.pathValue(path)
}

// pathValue is urlPath without a shortcut.
func (w *Walker) pathValue(path []byte) {
	if bytes.IndexByte(path, '%') < 0 {
		w.value(path, 0, 0)
	} else {
		w.leafOnce(path)
	}
	if bytes.IndexByte(path, '%') >= 0 || bytes.IndexByte(path, ';') >= 0 || longWord(path) {
		w.segments(path)
	}
}

// leafOnce undoes the path's percent escapes, which are no evidence.
func (w *Walker) leafOnce(path []byte) {
	const odd = decode.BrokenEscape | decode.UnicodeEscape | decode.Control | decode.NewLine | decode.Wide
	for {
		n := cut(path, w.piece(len(path)))
		dst := w.scratch(n, len(path))
		if dst == nil {
			return
		}
		out, got := decode.Percent(dst, path[:n], false)
		mark := w.keep(out)
		w.value(out, 0, got&odd)
		w.release(mark)
		if n == len(path) {
			return
		}
		path = path[n-decode.Overlap:]
	}
}

// segments looks into path segments that may hide a layer and into matrix
// parameters; the words of the others stand in the path for all to see.
func (w *Walker) segments(path []byte) {
	f := w.enter()
	if f == nil {
		return
	}
	f.path.Reset()
	f.path.Window(path, true)
	for index := 0; f.path.Next(&f.field) == decode.Found; index++ {
		v := f.field.Value
		matrix := len(f.field.Name) > 0
		if f.field.Kind == decode.KindName {
			v = f.field.Name
			matrix = false
		}
		if !matrix && bytes.IndexByte(v, '%') < 0 && (len(v) < 12 || !longWord(v)) {
			continue
		}
		mark := w.pushIndex(index)
		if matrix {
			w.push('.', f.field.Name)
		}
		class := kernel.Scan(v, w.gate, &w.inner)
		switch {
		case class&kernel.Percent != 0:
			w.transform(v, open, 0, 0, percent, "#percent", 1)
		case matrix:
			w.value(v, 0, 0)
		case class&spaced == 0:
			w.opaque(v, class, 0, 0)
		}
		w.pop(mark)
	}
	w.leave()
}

// form judges the parameters of a query string.
func (w *Walker) form(query []byte) {
	if w.skim != nil && w.skim.form(w, query) {
		return
	}
	w.names.begin()
	f := w.enter()
	if f == nil {
		return
	}
	f.form.Reset()
	f.form.Window(query, true)
	w.params(f, &f.form, query)
	w.leave()
}

// params judges the fields that c finds in window, and the values of repeated
// names once more joined.
func (w *Walker) params(f *frame, c *decode.Form, window []byte) {
	for c.Next(&f.field) == decode.Found {
		if f.field.Kind == decode.KindName {
			w.names.add(f.field.Name)
		}
		w.field(&f.field, asForm, '.', 0, f.field.Flags)
	}
	if w.names.n > 0 {
		w.joined(window, 0, 0)
	}
}

// Header judges one header line, or a trailer line. Cookies and credentials
// are taken apart; every other value is judged as it is.
func (w *Walker) Header(name, value []byte, trailer bool) {
	w.input += len(name) + len(value)
	switch {
	case EqualFold(name, "cookie"):
		w.at(Cookie, "cookie")
		w.fields(value, asCookie, '.', "", 0, 0)
	case EqualFold(name, "host"):
		w.at(Meta, "host")
		w.value(value, 0, 0)
	default:
		if trailer {
			w.at(Header, "trailer.")
		} else {
			w.at(Header, "header.")
		}
		w.push(0, name)
		foldTail(w.path)
		if EqualFold(name, "authorization") || EqualFold(name, "proxy-authorization") {
			w.credentials(value)
		} else {
			w.value(value, 0, 0)
		}
	}
	if !token(name) {
		w.at(Header, "header")
		w.ctx.Name = true
		w.value(name, 0, 0)
		w.ctx.Name = false
	}
	w.path = w.path[:0]
}

// credentials judges the value of an Authorization header: user and password of
// Basic, the parameters of Digest and its like, and anything else as a value,
// tokens among them.
func (w *Walker) credentials(value []byte) {
	scheme, cred := decode.Authorization(value)
	if len(scheme) == 0 {
		w.value(value, 0, 0)
		return
	}
	if !known(scheme) {
		w.value(value, 0, 0)
	}
	switch {
	case EqualFold(scheme, "basic"):
		w.basic(cred)
	case EqualFold(scheme, "bearer"):
		w.value(cred, 0, 0)
	case bytes.IndexByte(cred, '=') > 0 && bytes.IndexByte(cred, '=') < len(cred)-2:
		w.value(cred, 0, 0)
		w.fields(cred, asAuth, '.', "", 0, 0)
	default:
		w.value(cred, 0, 0)
	}
}

// known reports whether a scheme is one of those that need no look.
func known(scheme []byte) bool {
	return EqualFold(scheme, "basic") || EqualFold(scheme, "bearer") || EqualFold(scheme, "digest") || EqualFold(scheme, "token")
}

// basic judges user and password (RFC 7617), and the credentials as they stand
// when they are not base64.
func (w *Walker) basic(cred []byte) {
	n := w.piece(len(cred))
	dst := w.scratch(n, len(cred))
	if dst == nil {
		return
	}
	out, ok := decode.Base64(dst, cred[:n])
	if !ok || n < len(cred) {
		w.value(cred, 0, 0)
		return
	}
	arena := w.keep(out)
	user, password, _ := decode.BasicPair(out)
	mark := w.pushTag(".user")
	w.value(user, 1, decode.Based64)
	w.pop(mark)
	mark = w.pushTag(".password")
	w.value(password, 1, decode.Based64)
	w.pop(mark)
	w.release(arena)
}

// token reports whether a header name is letters, digits, '-' and '_' and of
// ordinary length: such names carry no payload.
func token(name []byte) bool {
	if len(name) > 64 {
		return false
	}
	const plain = uint32(word | kernel.Under)
	for i := 0; i < len(name); i++ {
		if kernel.Table[name[i]]&plain == 0 && name[i] != '-' {
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
