package decode

import "bytes"

// dataURLMark is what ends the media type of a base64 data URL.
const dataURLMark = ";base64,"

// DataURL splits a data URL (RFC 2397): the media type without ;base64, the
// payload (still percent-encoded or base64), and whether it is base64. A value
// that starts with data: (any case, after blanks) is taken as a whole; else the
// first ";base64," anywhere counts, with the media type before it back to a
// quote, bracket, blank, equals sign or comma, and the payload up to a quote or
// bracket. All results are slices of src. ok is false when there is none; that
// costs one bytes.IndexByte for most values.
func DataURL(src []byte) (mediatype, payload []byte, base64, ok bool) {
	comma := bytes.IndexByte(src, ',')
	if comma < 0 {
		return nil, nil, false, false
	}
	b := bytes.TrimLeft(src, " \t\r\n")
	if len(b) >= 5 && bytes.EqualFold(b[:5], []byte("data:")) {
		b = b[5:]
		comma = bytes.IndexByte(b, ',')
		if comma < 0 {
			return nil, nil, false, false
		}
		mediatype, base64 = dataURLType(b[:comma])
		return mediatype, b[comma+1:], base64, true
	}
	mark := []byte(dataURLMark)
	n := len(mark) - 1
	at := comma
	for {
		if at >= n && bytes.EqualFold(src[at-n:at+1], mark) {
			mediatype, _ = dataURLType(src[dataURLStart(src[:at]):at])
			return mediatype, dataURLCut(src[at+1:]), true, true
		}
		next := bytes.IndexByte(src[at+1:], ',')
		if next < 0 {
			return nil, nil, false, false
		}
		at += 1 + next
	}
}

// dataURLType takes ;base64 off the end of a media type and data: off its start.
func dataURLType(b []byte) ([]byte, bool) {
	if len(b) >= 5 && bytes.EqualFold(b[:5], []byte("data:")) {
		b = b[5:]
	}
	b = bytes.TrimRight(b, " ")
	const suffix = "base64"
	n := len(b) - len(suffix)
	if n < 0 || !bytes.EqualFold(b[n:], []byte(suffix)) {
		return b, false
	}
	head := bytes.TrimRight(b[:n], " ")
	if len(head) == 0 || head[len(head)-1] != ';' {
		return b, false
	}
	return bytes.TrimRight(head[:len(head)-1], " "), true
}

// dataURLStart finds where the media type that ends b begins. It looks back
// over 128 bytes at most, which keeps DataURL linear.
func dataURLStart(b []byte) int {
	least := len(b) - 128
	if least < 0 {
		least = 0
	}
	i := bytes.LastIndexAny(b[least:], "\"'`()<>=, \t\r\n")
	return least + i + 1
}

// dataURLCut ends a payload that stands inside other text.
func dataURLCut(b []byte) []byte {
	if i := bytes.IndexAny(b, "\"'`()<>{}[]"); i >= 0 {
		return b[:i]
	}
	return b
}
