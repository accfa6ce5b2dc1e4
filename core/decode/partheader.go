package decode

import "bytes"

// header finds the next header line of a part, with the lines that are folded
// into it, and sets up what is reported of it. The blank line starts the content.
func (c *Multipart) header() (bool, State) {
	b, s := c.win, c.pos
	if next, last := c.delimiter(s); next > 0 {
		// The part ends within its headers.
		c.end(next, last)
		return false, Found
	} else if next < 0 {
		return true, c.more(s)
	}
	end := s // end of the line, without its line end
	c.lineNext = -1
	for end < len(b) {
		k := indexFrom(b, end, '\n')
		if k == len(b) {
			break
		}
		if k == s || k == s+1 && b[s] == '\r' {
			c.pos, c.state, c.fresh = k+1, partContent, true
			return false, Found
		}
		if c.endsHeader(k) {
			c.lineEnd = beforeCR(b, s, k)
			c.lineNext = k + 1
			break
		}
		end = k + 1
	}
	if c.lineNext < 0 {
		if c.final {
			if s >= len(b) {
				c.state = partEpilogue
				return false, Found
			}
			c.lineEnd = len(b)
			c.lineNext = c.lineEnd
		} else if s > 0 || len(b) < maxHeader {
			return true, c.more(s)
		} else {
			c.lineEnd = len(b)
		}
	}
	c.long = c.lineNext < 0 || c.lineEnd-s > maxHeader
	c.state, c.raw, c.param = partRaw, true, 0
	head := b[s:c.lineEnd]
	if c.long {
		head = b[s : s+maxHeader]
	}
	colon := bytes.IndexByte(head, ':')
	if colon < 0 {
		return false, Found
	}
	name := trimBlank(head[:colon])
	value := trimBlank(head[colon+1:])
	switch {
	case foldEqual(name, "content-disposition"):
		c.state, c.param, c.raw = partParams, s+colon+1, c.long
	case foldEqual(name, "content-type"):
		c.typeLen = copy(c.ctype[:], value)
		c.state, c.param, c.raw = partParams, 0, c.long
	case foldEqual(name, "content-transfer-encoding"):
		c.encLen = copy(c.enc[:], value)
	}
	return false, Found
}

// disposition gives the next part of a Content-Disposition or Content-Type line
// as a field and reports whether there was one.
func (c *Multipart) disposition(f *Field) bool {
	limit := c.lineEnd
	if c.long {
		limit = c.pos + maxHeader
	}
	head := c.win[:limit]
	if c.param == 0 {
		// A content type is one field.
		colon := bytes.IndexByte(head[c.pos:], ':')
		c.state = partRaw
		f.Kind = KindContentType
		f.Name = c.name[:c.nameLen]
		f.Value = trimBlank(head[c.pos+colon+1:])
		return true
	}
	for c.param < limit {
		name, value, next, clean := nextParam(head, c.param)
		if !clean {
			c.raw = true
		}
		c.param = next
		star := bytes.IndexByte(name, '*')
		key := name
		if star >= 0 {
			key = name[:star]
			if star+1 < len(name) {
				c.raw = true // RFC 2231 continuations: the pieces and the line
			}
		}
		f.Escaped = star >= 0 || bytes.IndexByte(value, '\\') >= 0 || bytes.IndexByte(value, '%') >= 0
		switch {
		case foldEqual(key, "name"):
			if c.named {
				f.Flags = Duplicate
			} else {
				c.nameLen = copy(c.name[:], value)
			}
			c.named = true
			f.Kind = KindName
			f.Value = value
			f.Name = clip(value)
			return true
		case foldEqual(key, "filename"):
			// filename and filename* together are what browsers send.
			if c.file && star < 0 {
				f.Flags = Duplicate
			}
			c.file = true
			f.Kind = KindFilename
			f.Value = value
			f.Name = c.name[:c.nameLen]
			return true
		case len(value) > 0 || len(name) > 0 && !foldEqual(name, "form-data") && !foldEqual(name, "attachment"):
			c.raw = true
		}
	}
	f.Escaped = false
	c.state = partRaw
	return false
}

// rawLine gives the header line as it stands, if that is wanted, and goes on to
// the next line.
func (c *Multipart) rawLine(f *Field) (bool, State) {
	b, s := c.win, c.pos
	if c.resume > 0 {
		// Inside a line that is longer than a window: look for its end.
		c.lineNext = -1
		for end := c.resume; end < len(b); {
			k := indexFrom(b, end, '\n')
			if k == len(b) {
				break
			}
			if c.endsHeader(k) {
				c.lineEnd = beforeCR(b, Overlap, k)
				c.lineNext = k + 1
				break
			}
			end = k + 1
		}
		if c.lineNext < 0 && c.final {
			c.lineEnd = len(b)
			c.lineNext = c.lineEnd
		}
	}
	if c.lineNext < 0 {
		// Keep a line end that may turn out to be the last one.
		end := len(b)
		if b[end-1] == '\n' {
			end--
		}
		end = beforeCR(b, s, end)
		if end <= Overlap {
			return true, c.more(0)
		}
		f.Kind = KindHeader
		f.Value = b[:end]
		f.Partial = true
		c.used, c.drained, c.resume = end-Overlap, true, Overlap
		return true, Found
	}
	c.pos, c.state, c.resume = c.lineNext, partHeaders, 0
	if !c.raw {
		return false, Found
	}
	f.Kind = KindHeader
	f.Value = b[s:c.lineEnd]
	return true, Found
}

// endsHeader reports whether the line feed at k ends a header: no blank behind
// it folds the next line into this one.
func (c *Multipart) endsHeader(k int) bool {
	k++
	if k >= len(c.win) {
		return c.final
	}
	return c.win[k] != ' ' && c.win[k] != '\t'
}
