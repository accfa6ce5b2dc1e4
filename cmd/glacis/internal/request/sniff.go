package request

import (
	"bufio"
	"bytes"
	"regexp"
)

// sniffBytes is how much of the input is looked at to recognise the format.
const sniffBytes = 64 << 10

var (
	requestLine = regexp.MustCompile(`^[!#$%&'*+.^_|~0-9A-Za-z-]{1,32} +\S.* +HTTP/[0-9][0-9.]*\s*$`)
	logLine     = regexp.MustCompile(`\[[^\]"]*\] "`)
	curlLine    = regexp.MustCompile(`^(?:\$ +)?curl(?:\.exe)?(?:\s|$)`)
	harStart    = regexp.MustCompile(`^\{\s*(?:"\$?[a-zA-Z_]+"\s*:\s*"[^"]*"\s*,\s*)*"log"\s*:\s*\{`)
)

// sniff names the format of what br is about to deliver, by the first line
// that looks like any. It consumes nothing, and it waits for no more input
// than it needs, so that it works on a pipe that is written slowly.
func sniff(br *bufio.Reader) string {
	done := 0 // the lines before this offset are known to say nothing
	for want := 1; want <= sniffBytes; want++ {
		head, err := br.Peek(want)
		if err == nil {
			want = br.Buffered()
			head, err = br.Peek(want)
		}
		complete := err != nil || want >= sniffBytes
		name, n := recognize(head[done:], complete)
		if name != "" {
			return name
		}
		if complete {
			break
		}
		done += n
	}
	return "jsonl"
}

// recognize looks for the first line that it knows. When more input may follow
// (not complete), an unfinished line is left alone; n is the length of the
// lines that are done with.
func recognize(head []byte, complete bool) (name string, n int) {
	for n < len(head) {
		line, _, ended := bytes.Cut(head[n:], []byte{'\n'})
		size := len(line) + 1
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] == '{' {
			return recognizeJSON(bytes.TrimSpace(head[n:]), complete), n
		}
		if !ended && !complete {
			return "", n
		}
		switch {
		case len(line) == 0 || line[0] == '#':
		case curlLine.Match(line):
			return "curl", n
		case requestLine.Match(line):
			return "raw", n
		case logLine.Match(line):
			return "combined", n
		}
		n += size
	}
	return "", n
}

// recognizeJSON tells a HAR, which may be one line or many, from JSON Lines.
func recognizeJSON(text []byte, complete bool) string {
	if harStart.Match(text) {
		return "har"
	}
	if !complete && len(text) < 256 && bytes.IndexByte(text, '}') < 0 {
		return ""
	}
	return "jsonl"
}
