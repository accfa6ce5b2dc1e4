package answer

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// WindowBytes is how much of the beginning of an answer is looked at, decoded.
const WindowBytes = 16 << 10

// near is how much text around an anchor a pattern sees, on each side.
const near = 256

// maxTries bounds how often an anchor that is no sign is looked at.
const maxTries = 16

// sign is something that only the inside of an application says. The pattern is
// run around the anchor alone, so that a page without any costs a few searches
// for fixed strings.
type sign struct {
	name, anchor string
	pattern      *regexp.Regexp
	// times is how often the pattern must match, 0 for once: one line of a trace
	// may be quoted anywhere.
	times int
}

// signs are the error texts of common platforms, as they print them into pages:
// plain, in JSON, where a line begins behind the two letters \n or \t, or with
// quotes and angle brackets as references. They are phrases of the platforms' own
// source code, not of attacks.
var signs = []sign{
	{"java", ".java:", regexp.MustCompile(`(?:\b|\\[tn])at\s[\w$.<>/@]+(?:&lt;\w+&gt;)?\([\w$]+\.java:\d+\)`), 2},
	{"java", ".kt:", regexp.MustCompile(`(?:\b|\\[tn])at\s[\w$.<>/@]+\([\w$]+\.kt:\d+\)`), 2},
	{"java", "Exception in thread ", regexp.MustCompile(`Exception in thread (?:\\?"|&quot;)`), 0},
	{"python", "Traceback (most recent call last)", nil, 0},
	{"python", ".py", regexp.MustCompile(`File (?:\\?"|&quot;|&#34;|&#x27;)[^\s"&<]+\.py(?:\\?"|&quot;|&#34;|&#x27;), line \d+`), 2},
	{"php", " on line ", regexp.MustCompile(`(?:Fatal error|Parse error|Warning|Notice|Deprecated)(?:</b>)?: .{0,200} in (?:<b>)?\S+\.(?:php|inc|phtml)(?:</b>)? on line (?:<b>)?\d+`), 0},
	{"php", "Stack trace:", regexp.MustCompile(`Stack trace:\s{0,4}(?:<br ?/?>)?\s{0,4}#0 `), 0},
	{".net", ":line ", regexp.MustCompile(`(?:\b|\\[tn])at [\w.&;<>\x60\[\],+]+\([^)\n]{0,120}\) in [^\n]{1,120}\.(?:cs|vb):line \d+`), 0},
	{".net", "Server Error in ", regexp.MustCompile(`Server Error in (?:'|&#39;|&#x27;)[^\n<]{0,80}(?:'|&#39;|&#x27;) Application`), 0},
	{".net", "System.", regexp.MustCompile(`\[?System\.[\w.]+Exception(?: \(0x[0-9A-Fa-f]{8}\))?:`), 0},
	{"javascript", "node_modules", regexp.MustCompile(`(?:\b|\\[tn])at .{0,80}\(?/[^\s()<>]{0,120}node_modules/[^\s()<>]+:\d+:\d+`), 0},
	{"javascript", ".js:", regexp.MustCompile(`(?:\b|\\[tn])at (?:async )?[\w$.<>& ;\[\]]{1,80} \((?:file://)?/[^\s()<>]+\.js:\d+:\d+\)`), 2},
	{"ruby", ".rb:", regexp.MustCompile(`\.rb:\d+:in (?:\x60|'|&#39;|&#x27;)[^\n'&]{1,80}`), 2},
	{"go", "goroutine ", regexp.MustCompile(`goroutine \d+ \[\w[^\]\n]{0,40}\]:`), 0},
	{"rust", "panicked at ", regexp.MustCompile(`thread (?:'|&#39;|&#x27;)[^'\n]{1,40}(?:'|&#39;|&#x27;) panicked at `), 0},
	{"sql", "You have an error in your SQL syntax", nil, 0},
	{"sql", "SQLSTATE[", regexp.MustCompile(`SQLSTATE\[[0-9A-Z]{5}\]`), 0},
	{"sql", "ORA-", regexp.MustCompile(`\bORA-\d{5}: `), 0},
	{"sql", "syntax error at or near ", regexp.MustCompile(`ERROR:\s+syntax error at or near `), 0},
	{"sql", "PG::", regexp.MustCompile(`PG::[A-Z]\w+: ERROR:`), 0},
	{"sql", "PSQLException", regexp.MustCompile(`org\.postgresql\.util\.PSQLException: `), 0},
	{"sql", "Unclosed quotation mark after the character string", nil, 0},
	{"sql", "Incorrect syntax near ", regexp.MustCompile(`(?:SqlException|SQL Server|ODBC)[^\n]{0,200}Incorrect syntax near `), 0},
	{"sql", "Microsoft OLE DB Provider for ", nil, 0},
	{"sql", "[ODBC ", regexp.MustCompile(`\[Microsoft\]\[[^\]\n]{0,40}ODBC [^\]\n]{1,60}\]|\[ODBC [\w ]{1,40}Driver\]`), 0},
	{"sql", "sqlite3.OperationalError", nil, 0},
	{"sql", "SQLite3::SQLException", nil, 0},
	{"sql", "SQLITE_ERROR", regexp.MustCompile(`SQLITE_ERROR: (?:near|no such|unrecognized)`), 0},
	{"sql", "com.mysql.", regexp.MustCompile(`com\.mysql\.(?:cj\.)?jdbc\.[\w.]*Exception`), 0},
}

// Disclosed names the platform whose error text stands in the beginning of an
// answer, "" for none: a stack trace ("java", "python", …) or the message of a
// database ("sql"). It takes linear time; one trace line alone does not count.
func Disclosed(text []byte) string {
	if len(text) > WindowBytes {
		text = text[:WindowBytes]
	}
	for i := range signs {
		if signs[i].in(text) {
			return signs[i].name
		}
	}
	return ""
}

func (s *sign) in(text []byte) bool {
	seen, done := 0, 0 // done is where the last match ended
	for tries, from := 0, 0; tries < maxTries; tries++ {
		i := bytes.Index(text[from:], []byte(s.anchor))
		if i < 0 {
			return false
		}
		at := from + i
		from = at + len(s.anchor)
		if s.pattern == nil {
			return true
		}
		start := max(done, at-near)
		around := text[start:min(len(text), from+near)]
		// the match must hold this anchor
		for _, m := range s.pattern.FindAllIndex(around, 4) {
			if start+m[0] < from && start+m[1] > at {
				seen, done = seen+1, start+m[1]
				from = max(from, done)
				break
			}
		}
		if seen > 0 && seen >= s.times {
			return true
		}
	}
	return false
}

// textual are media types beside text/* that pages of errors have.
var textual = []string{"application/json", "application/problem+json", "application/xml", "application/xhtml+xml", "application/problem+xml",
	"application/javascript", "application/graphql-response+json", "application/soap+xml", "application/vnd.api+json"}

// Textual says whether an answer of this status and Content-Type may hold an
// error text for people: no redirect, no partial and no empty answer, and no
// stream of events.
func Textual(status int, contentType string) bool {
	if status < 200 || status == 204 || status == 205 || status == 206 || status >= 300 && status < 400 {
		return false
	}
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	kind = strings.TrimSpace(kind)
	if kind == "text/event-stream" {
		return false
	}
	return strings.HasPrefix(kind, "text/") || slices.Contains(textual, kind) || kind == "" && status >= 500
}
