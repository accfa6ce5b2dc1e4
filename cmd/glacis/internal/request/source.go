package request

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"iter"
	"strconv"
)

// Frame is one record as it was split off, before decoding.
type Frame struct {
	// Line is the line, from 1, on which the record begins.
	Line int
	// Data is the record's text; the frame owns it.
	Data []byte
	// Err says why splitting failed; Data is then nil.
	Err error
}

// format is one input format.
type format struct {
	name string
	// split cuts the input into frames. It goes on after a bad record and ends
	// at the end of input or with a frame that carries the read error.
	split func(*lineReader) iter.Seq[Frame]
	// decode appends the requests of one frame to dst. It is safe for
	// concurrent use. A frame may hold no request at all ("-" in a log).
	decode func(data []byte, dst []Request) ([]Request, error)
}

// formats in the order of the help text. Filled by init, because a literal
// would make an initialisation cycle with auto-detection.
var formats []format

func init() {
	formats = []format{
		{"jsonl", splitLines, decodeJSONL},
		{"har", splitHAR, decodeHAR},
		{"raw", splitRaw, decodeRaw},
		{"curl", splitCurl, decodeCurl},
		{"combined", splitLines, decodeCombined},
	}
}

// Auto is the format name that means "look at the beginning of the input".
const Auto = "auto"

// Formats returns the names that Open accepts, Auto first.
func Formats() []string {
	names := []string{Auto}
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Source is one input being read. Frames may be ranged over once, by one
// goroutine; Decode is safe for concurrent use.
type Source struct {
	name   string
	format format
	lines  *lineReader
}

// Open prepares to read r, which is called name in ids and messages. It reads
// the beginning of r to undo gzip and, for the format "auto", to recognise the
// format; what cannot be recognised is taken as JSON Lines, so that each bad
// line is reported. The error is for an unknown format name only: a failing
// reader shows up as the last frame.
func Open(r io.Reader, name, formatName string) (*Source, error) {
	br := bufio.NewReaderSize(r, sniffBytes)
	if magic, _ := br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		br = bufio.NewReaderSize(&gunzipper{src: br}, sniffBytes)
	}
	if bom, _ := br.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = br.Discard(3) // cannot fail: the bytes are buffered
	}
	if formatName == Auto {
		formatName = sniff(br)
	}
	for _, f := range formats {
		if f.name == formatName {
			return &Source{name: name, format: f, lines: &lineReader{br: br}}, nil
		}
	}
	return nil, fmt.Errorf("unknown format %q (one of %v)", formatName, Formats())
}

// Format is the name of the format, after recognition.
func (s *Source) Format() string { return s.format.name }

// Frames yields the records in order.
func (s *Source) Frames() iter.Seq[Frame] { return s.format.split(s.lines) }

// Decode appends the requests of a frame to dst. Requests without an id get
// "name:line" or, when a frame holds several, "name:line.2" and so on.
func (s *Source) Decode(f Frame, dst []Request) ([]Request, error) {
	if f.Err != nil {
		return dst, f.Err
	}
	start := len(dst)
	dst, err := s.format.decode(f.Data, dst)
	for i := start; i < len(dst); i++ {
		if dst[i].ID != "" {
			continue
		}
		dst[i].ID = s.name + ":" + strconv.Itoa(f.Line)
		if i > start {
			dst[i].ID += "." + strconv.Itoa(i-start+1)
		}
	}
	return dst, err
}

// gunzipper delays the reading of the gzip header to the first Read, so that a
// broken file is an error of reading like any other.
type gunzipper struct {
	src io.Reader
	zr  *gzip.Reader
}

// Read implements io.Reader.
func (g *gunzipper) Read(p []byte) (int, error) {
	if g.zr == nil {
		zr, err := gzip.NewReader(g.src)
		if err != nil {
			return 0, fmt.Errorf("gunzip: %w", err)
		}
		g.zr = zr
	}
	n, err := g.zr.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("gunzip: %w", err)
	}
	return n, err
}
