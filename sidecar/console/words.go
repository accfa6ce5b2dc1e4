package console

import "strings"

// families are what the classes of attack are called for people.
var families = map[string]string{
	"sqli": "SQL injection", "xss": "cross-site scripting", "cmdi": "command injection", "traversal": "path traversal",
	"ssrf": "forged server-side request", "template": "template injection", "code": "code injection", "xxe": "XML external entity",
	"nosqli": "NoSQL injection", "ldap": "LDAP or XPath injection", "deserialization": "hostile serialised object",
	"protocol": "protocol attack", "scanner": "scanner",
}

// familyNamed is the name of a family for people.
func familyNamed(name string) string {
	if long := families[name]; long != "" {
		return long
	}
	return shown(name)
}

// actions are what was done, by "event.action".
var actions = []struct{ Name, Label, Means string }{
	{"block", "block", "The request was refused."},
	{"detect", "detect", "The request would have been refused, but for the mode."},
	{"pass", "pass", "The request was let through."},
	{"reject", "reject", "The request was refused for what it is, not for what is in it."},
	{"fail_open", "fail open", "The request could not be inspected to its end, and was let through."},
	{"fail_closed", "fail closed", "The request could not be inspected to its end, and was refused."},
	{"notice", "notice", "This is about Glacis and not about a request."},
}

// places are the kinds of locations, by what their names begin with.
var places = []struct{ prefix, means string }{
	{"query.", "the query parameter"}, {"body.json", "the JSON body, at"}, {"body.form", "the form field"}, {"body.multipart", "the multipart field"},
	{"body.xml", "the XML body, at"}, {"body", "the body, at"}, {"cookie.", "the cookie"}, {"header.", "the header"}, {"path", "the path"},
	{"trailer.", "the trailer"}, {"host", "the host"}, {"method", "the method"},
}

// placeOf explains a location without its decode chain.
func placeOf(location string) string {
	for _, p := range places {
		if strings.HasPrefix(location, p.prefix) {
			return p.means
		}
	}
	return "the value"
}

// decoders explain the links of a decode chain.
var decoders = map[string]string{
	"base64": "base64 decoded", "charcode": "character codes put together", "data": "data URL opened", "form": "form fields read",
	"fragment": "what stands behind # in an address", "graphql": "GraphQL read", "hex": "hexadecimal decoded", "html": "HTML character references undone",
	"inflate": "decompressed", "join": "parts put together", "js": "JavaScript escapes undone", "json": "JSON read", "jwt": "JSON web token opened",
	"list": "list taken apart", "lossy": "bytes that a lenient reader drops taken out", "msgpack": "MessagePack read", "object": "serialised object read",
	"pair": "name and value put together", "percent": "percent escapes undone", "php": "PHP serialisation read", "plus": "plus signs read as blanks",
	"protobuf": "Protocol Buffers read", "qp": "quoted-printable decoded", "splice": "comments and quotes within words taken out", "strings": "texts in binary data",
	"url": "address taken apart", "utf16": "UTF-16 converted", "utf7": "UTF-7 converted", "utf8": "over-long UTF-8 undone", "xml": "XML read", "yaml": "YAML read",
}

// reasons are what learning changes about a score, by "reason".
var reasons = map[string]string{
	"familiar": "these indicators are normal at this parameter", "confirmed": "an operator accepted these indicators here",
	"type": "the value is of a type that is not sent here", "characters": "it has characters that are not sent here",
	"length": "it is much longer than what is sent here", "value": "it is none of the few values that are sent here",
	"parameter": "the endpoint is known well, and this parameter is none of it", "endpoint": "the application is known well, and this endpoint is none of it",
}

// limits are what was not looked at, by the limit that stopped it.
var limits = map[string]string{
	"depth": "too many encodings within each other", "values": "too many values", "decoded": "too much decoded text", "expansion": "decompression grew too much",
	"header": "headers too long", "body": "body longer than is inspected", "encoding": "an encoding that cannot be undone",
}
