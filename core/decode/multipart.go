package decode

import "bytes"

const (
	// maxBoundary is how many bytes of a boundary are compared. RFC 2046 allows
	// 70; a longer one is matched by its first bytes.
	maxBoundary = 200
	// maxNeedle keeps the needle of the search within what bytes.Index scans
	// with vector instructions.
	maxNeedle = 60
	// maxPadding is how many blanks may stand between a boundary and its line's
	// end (transport padding, RFC 2046, 5.1.1).
	maxPadding = 64
	// maxHeader is how much of a header line is taken apart. Longer lines come
	// raw as well, in pieces where they do not fit in a window.
	maxHeader = 900
	// maxPartType is how much of a part's content type is kept.
	maxPartType = 192
)

// Multipart is a streaming cursor over multipart/* bodies (RFC 2046, RFC 7578).
//
// Fields of a part, in the order of the input: KindName for the name,
// KindFilename for filename and filename* (raw; Escaped when it has quoted pairs
// or percent escapes), KindContentType, KindHeader for each other header line
// and for a Content-Disposition that holds more than these; then the content as
// KindFile when a filename was given, else as KindValue, under the part's name
// (first 64 bytes). Long content comes in Partial pieces. Preamble and epilogue
// come as KindRest unless blank. Content that no boundary ends has Truncated;
// a second name or filename in a part has Duplicate.
//
// Lines may end in CRLF or LF. A nested multipart is content: PartType has its
// boundary, open another cursor. Reset before use. Not for concurrent use.
// Nothing is allocated; each byte is read a bounded number of times.
type Multipart struct {
	win      []byte
	pos      int
	used     int
	resume   int // offset where the scan of an unfinished token goes on
	lineEnd  int // end of the header line that is being taken apart
	lineNext int // start of the line behind it
	param    int // offset of its next parameter, 0 when none is
	delimLen int // length of delim that is in use
	nameLen  int
	typeLen  int
	encLen   int
	state    uint8
	final    bool
	drained  bool
	fresh    bool                  // pos is at the start of a line of content: a delimiter may stand there
	raw      bool                  // the header line is to be given raw too
	long     bool                  // the header line is longer than maxHeader
	file     bool                  // the part has a filename
	named    bool                  // the part has a name
	delim    [maxBoundary + 3]byte // LF "--" boundary
	name     [maxName]byte
	ctype    [maxPartType]byte
	enc      [24]byte
}

// States of a Multipart.
const (
	partPreamble = iota
	partBegin    // behind a delimiter; PartName and so on are still those before it
	partHeaders
	partParams
	partRaw
	partContent
	partEpilogue
)

var dashes = []byte("--")

// Reset makes the cursor ready for a body with this boundary, which is copied
// (at most 200 bytes of it). An empty boundary is matched as a line "--".
func (c *Multipart) Reset(boundary []byte) {
	*c = Multipart{fresh: true}
	c.delim[0], c.delim[1], c.delim[2] = '\n', '-', '-'
	c.delimLen = 3 + copy(c.delim[3:], boundary)
}

// Window sets the bytes to read: what Consumed left of the previous window,
// then new ones. Windows that are not final must hold 4*Overlap bytes or more.
func (c *Multipart) Window(b []byte, final bool) {
	c.win, c.final = b, final
	c.pos, c.used, c.drained = 0, 0, false
}

// Consumed says, after NeedMore, how many leading bytes of the window are read.
func (c *Multipart) Consumed() int { return c.used }

// PartType is the content type of the part that is being read, raw, cut to 192
// bytes; empty when it has none. Valid until the next part's headers.
func (c *Multipart) PartType() []byte { return c.ctype[:c.typeLen] }

// PartEncoding is the part's Content-Transfer-Encoding, cut to 24 bytes. The
// content is given as it was sent.
func (c *Multipart) PartEncoding() []byte { return c.enc[:c.encLen] }

// more asks for the next window.
func (c *Multipart) more(used int) State {
	c.used = used
	return NeedMore
}

// Next reads the next field. See Field for how long it stays valid.
func (c *Multipart) Next(f *Field) State {
	if c.drained {
		return NeedMore
	}
	for {
		*f = Field{}
		found, s := false, NeedMore
		switch c.state {
		case partPreamble, partContent, partEpilogue:
			found, s = c.content(f)
		case partBegin:
			c.state = partHeaders
			c.nameLen, c.typeLen, c.encLen = 0, 0, 0
			c.file, c.named = false, false
			continue
		case partHeaders:
			found, s = c.header()
		case partParams:
			found = c.disposition(f)
			s = Found
		case partRaw:
			found, s = c.rawLine(f)
		}
		if found || s != Found {
			return s
		}
	}
}

// end goes on behind a delimiter line.
func (c *Multipart) end(next int, last bool) {
	c.pos, c.state, c.fresh = next, partBegin, false
	if last {
		c.state = partEpilogue
	}
}

// content reads what stands before the next delimiter. It returns Found without
// a field when there is nothing to report.
func (c *Multipart) content(f *Field) (bool, State) {
	b, s := c.win, c.pos
	from := s
	if c.resume > 0 {
		from = c.resume
	}
	if c.state == partEpilogue && s >= len(b) && c.final && c.resume == 0 {
		return true, Done
	}
	end, next, last := c.findDelimiter(s, from)
	if next == 0 && !c.final {
		if s > 0 || len(b) < longToken || end <= Overlap {
			return true, c.more(s)
		}
		c.fill(f, b[:end])
		f.Partial = true
		c.used, c.drained, c.resume, c.fresh = end-Overlap, true, Overlap, false
		return true, Found
	}
	c.fill(f, b[s:end])
	quiet := f.Kind == KindRest && c.resume == 0 && end-s <= longToken && len(trimBlank(f.Value)) == 0
	c.resume = 0
	if next > 0 {
		c.end(next, last)
		return !quiet, Found
	}
	c.pos = len(b)
	if c.state != partEpilogue {
		f.Flags = Truncated
	}
	c.state, c.fresh = partEpilogue, false
	return !quiet, Found
}

// fill sets f to content of the current state.
func (c *Multipart) fill(f *Field, value []byte) {
	f.Value = value
	if c.state != partContent {
		f.Kind = KindRest
		return
	}
	f.Name = c.name[:c.nameLen]
	if c.file {
		f.Kind = KindFile
	}
}

// findDelimiter looks for the delimiter line that ends the content that starts
// at s; the bytes before from are known to hold none. end is where the content
// ends: before the delimiter (next > 0 is then the offset behind its line), or,
// with next 0, before the first byte that may belong to one, or at the end.
func (c *Multipart) findDelimiter(s, from int) (end, next int, last bool) {
	b := c.win
	end = len(b)
	if c.state == partEpilogue {
		return end, 0, false
	}
	if c.fresh {
		if next, last = c.delimiter(s); next > 0 {
			return s, next, last
		} else if next < 0 {
			return s, 0, false
		}
	}
	needle := c.delim[:c.delimLen]
	if len(needle) > maxNeedle {
		needle = needle[:maxNeedle]
	}
	i := from
	for i < len(b) {
		k := bytes.Index(b[i:], needle)
		if k < 0 {
			break
		}
		k += i
		end = beforeCR(b, s, k)
		if next, last = c.delimiter(k + 1); next > 0 {
			return end, next, last
		} else if next < 0 {
			return end, 0, false
		}
		end = len(b)
		i = k + 1
	}
	if c.final {
		return end, 0, false
	}
	// A delimiter may have begun in the last bytes.
	tail := len(b) - len(needle) + 1
	if tail < i {
		tail = i
	}
	for k := indexFrom(b, tail, '\n'); k < len(b); k = indexFrom(b, k+1, '\n') {
		if bytes.HasPrefix(needle, b[k:]) {
			end = beforeCR(b, s, k)
			return end, 0, false
		}
	}
	end = beforeCR(b, s, end)
	return end, 0, false
}

// beforeCR is k, or k-1 when a CR stands before it (but not before s).
func beforeCR(b []byte, s, k int) int {
	if k > s && b[k-1] == '\r' {
		return k - 1
	}
	return k
}

// delimiter reads the delimiter line whose dashes would stand at i: the offset
// behind the line, 0 when it is none, -1 when the window is too short to say.
func (c *Multipart) delimiter(i int) (next int, last bool) {
	next, last = 0, false // yaegi does not zero named results
	b, mark := c.win, c.delim[1:c.delimLen]
	if i > len(b) {
		return 0, false
	}
	if len(b)-i < len(mark) {
		if !c.final && bytes.HasPrefix(mark, b[i:]) {
			return -1, false
		}
		return 0, false
	}
	if !bytes.HasPrefix(b[i:], mark) {
		return 0, false
	}
	i += len(mark)
	if bytes.HasPrefix(b[i:], dashes) {
		last = true
		i += 2
	} else if i+1 == len(b) && b[i] == '-' && !c.final {
		return -1, false
	}
	for n := 0; i < len(b); n++ {
		if b[i] == '\n' {
			return i + 1, last
		}
		if n >= maxPadding || scanClass[b[i]]&isBlank == 0 {
			return 0, false
		}
		i++
	}
	if c.final {
		return i, last
	}
	return -1, false
}
