package decode

import (
	"bytes"
	"strings"
)

// htmlNames are the elements that make a fragment HTML rather than XML (HTML
// Living Standard, section 4, with the roots of SVG and MathML and the obsolete
// elements that filters meet). <data> is missing on purpose: it is a common root
// of XML documents.
const htmlNames = `a abbr acronym address applet area article aside audio b base basefont bdi bdo
bgsound big blink blockquote body br button canvas caption center cite code col colgroup datalist dd
del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame
frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen
label legend li link listing main map mark marquee math menu menuitem meta meter nav nobr noembed
noframes noscript object ol optgroup option output p param picture plaintext portal pre progress q
rb rp rt rtc ruby s samp script search section select shadow slot small source spacer span strike
strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track
tt u ul var video wbr xmp xss animate set`

var isHTMLName map[string]bool

func init() {
	isHTMLName = map[string]bool{}
	for _, name := range strings.Fields(htmlNames) {
		isHTMLName[name] = true
	}
}

// looksWindow bounds how far LooksXML searches for an end tag.
const looksWindow = 16384

// LooksXML reports whether b starts like an XML document: a declaration, a
// DOCTYPE other than html, or a root element with well-formed attributes that
// is no HTML element and is closed, empty, in a namespace, or has a child. HTML
// fragments are not XML, they reach the model as text. Reads at most 16 KiB.
func LooksXML(b []byte) bool {
	if len(b) > looksWindow {
		b = b[:looksWindow]
	}
	i := 0
	if bytes.HasPrefix(b, jsonBOM) {
		i = len(jsonBOM)
	}
	for n := 0; n < 8; n++ {
		i = skipBlank(b, i)
		if len(b)-i < 4 || b[i] != '<' {
			return false
		}
		rest := b[i:]
		if bytes.HasPrefix(rest, xmlCommentMark) {
			k := bytes.Index(rest[4:], xmlCommentEnd)
			if k < 0 {
				return false
			}
			i += 4 + k + len(xmlCommentEnd)
			continue
		}
		if len(rest) > 5 && foldEqual(rest[:5], "<?xml") {
			return scanClass[rest[5]]&isBlank != 0 || rest[5] == '-'
		}
		if len(rest) > 10 && foldEqual(rest[:9], "<!doctype") {
			name := rest[skipBlank(rest, 9):]
			return scanClass[rest[9]]&isBlank != 0 && !(len(name) >= 4 && foldEqual(name[:4], "html")) && len(name) > 0
		}
		return looksRoot(rest)
	}
	return false
}

// looksRoot judges the start tag that b begins with.
func looksRoot(b []byte) bool {
	if !startsName(b[1]) || b[1] == ':' || b[1] >= 0x80 {
		return false
	}
	i := 1
	for i < len(b) && scanClass[b[i]]&isNameByte != 0 {
		i++
	}
	name := b[1:i]
	if len(name) > maxName || isHTMLName[strings.ToLower(string(name))] {
		return false
	}
	namespaced := bytes.IndexByte(name, ':') >= 0
	for {
		start := i
		i = skipBlank(b, i)
		if i >= len(b) {
			return false
		}
		if b[i] == '>' {
			break
		}
		if b[i] == '/' {
			return i+1 < len(b) && b[i+1] == '>' && skipBlank(b, i+2) == len(b)
		}
		if i == start {
			return false
		}
		// An attribute: name="value".
		at := i
		for i < len(b) && scanClass[b[i]]&isNameByte != 0 {
			i++
		}
		attr := b[at:i]
		i = skipBlank(b, i)
		if len(attr) == 0 || i >= len(b) || b[i] != '=' || len(attr) > 2 && foldEqual(attr[:2], "on") && scanClass[attr[2]]&isWordByte != 0 {
			return false
		}
		if bytes.HasPrefix(attr, []byte("xmlns")) {
			namespaced = true
		}
		i = skipBlank(b, i+1)
		if i >= len(b) || b[i] != '"' && b[i] != '\'' {
			return false
		}
		i = indexFrom(b, i+1, b[i]) + 1
	}
	i++
	if namespaced {
		return true
	}
	for k := i; ; {
		n := bytes.Index(b[k:], []byte("</"))
		if n < 0 {
			break
		}
		k += n + 2
		if bytes.HasPrefix(b[k:], name) {
			end := skipBlank(b, k+len(name))
			return end < len(b) && b[end] == '>'
		}
	}
	// Long documents: the end tag is out of sight, a child will do.
	i = skipBlank(b, i)
	return len(b) == looksWindow && b[i] == '<' && i+1 < len(b) && (startsName(b[i+1]) || b[i+1] == '!')
}
