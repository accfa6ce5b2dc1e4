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

var (
	xmlnsPrefix = []byte("xmlns")
	endTagMark  = []byte("</")
)

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
	for i < len(b) && b[i] != '>' {
		at := skipBlank(b, i)
		if at < len(b) && b[at] == '>' {
			i = at
			break
		}
		if at+1 < len(b) && b[at] == '/' {
			return b[at+1] == '>' && skipBlank(b, at+2) == len(b)
		}
		if at == i {
			return false
		}
		i = attrAt(b, at)
		if i == 0 {
			return false
		}
		if bytes.HasPrefix(b[at:], xmlnsPrefix) {
			namespaced = true
		}
	}
	if i >= len(b) {
		return false
	}
	i++
	if namespaced || closedBy(b[i:], name) {
		return true
	}
	// Long documents: the end tag is out of sight, a child will do.
	i = skipBlank(b, i)
	return len(b) == looksWindow && i+1 < len(b) && b[i] == '<' && (startsName(b[i+1]) || b[i+1] == '!')
}

// attrAt is the offset behind the attribute name="value" at i, or 0 when there
// is none, or one that only HTML has: unquoted, or an event handler.
func attrAt(b []byte, i int) int {
	start := i
	for i < len(b) && scanClass[b[i]]&isNameByte != 0 {
		i++
	}
	attr := b[start:i]
	if len(attr) == 0 {
		return 0
	}
	if len(attr) > 2 && foldEqual(attr[:2], "on") && scanClass[attr[2]]&isWordByte != 0 {
		return 0
	}
	i = skipBlank(b, i)
	if i >= len(b) || b[i] != '=' {
		return 0
	}
	i = skipBlank(b, i+1)
	if i >= len(b) || b[i] != '"' && b[i] != '\'' {
		return 0
	}
	end := indexFrom(b, i+1, b[i])
	if end >= len(b) {
		return 0
	}
	return end + 1
}

// closedBy reports whether b holds the end tag of name.
func closedBy(b, name []byte) bool {
	at := bytes.Index(b, endTagMark)
	for at >= 0 {
		b = b[at+len(endTagMark):]
		if bytes.HasPrefix(b, name) {
			end := skipBlank(b, len(name))
			if end < len(b) && b[end] == '>' {
				return true
			}
		}
		at = bytes.Index(b, endTagMark)
	}
	return false
}
