// Package walk turns a request into values: it splits containers, undoes
// encodings layer by layer, and hands every form of every value to a Sink.
//
// The walk is a tree whose depth, number of values and decoded bytes are
// limited; what a limit leaves out is counted. Nothing is exempt because of
// its name or its declared type.
package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Loc is the kind of place a value stands in; thresholds are calibrated by it.
type Loc uint8

// The location kinds. The order is part of the model format: append only.
const (
	// Path is the path of the request target.
	Path Loc = iota
	// Query is a parameter of the request target.
	Query
	// Header is a header or trailer line other than a cookie.
	Header
	// Cookie is a cookie.
	Cookie
	// Body is a leaf of a structured body.
	Body
	// Text is unstructured body text and the content of files.
	Text
	// Meta is method, host, file name or content type.
	Meta
	// Locs is the number of location kinds.
	Locs
)

// Context says where the value at hand stands and how it was reached.
type Context struct {
	Loc Loc
	// Name is set for parameter names, keys and element names.
	Name bool
	// Depth is the number of layers that were undone.
	Depth int
	// Flags accumulates what the decoders noticed on the way.
	Flags decode.Flags
	// Class holds the byte classes of the value.
	Class kernel.Class
	// Hits are the value's gate hits.
	Hits *kernel.Hits
	// Partial is set for a piece of a value longer than a window.
	Partial bool
	walker  *Walker
}

// Location returns the place in the form "query.q#base64". It allocates: call
// it for findings only.
func (c *Context) Location() string { return string(c.walker.path) }

// Sink receives every value in every decoded form.
type Sink interface {
	// Value judges one value. v is valid during the call only.
	Value(c *Context, v []byte)
}

// Limits bounds a walk.
type Limits struct {
	Depth, Values              int
	DecodedRatio, DecodedSlack int
	Expansion                  int
}

// Counts says which limits were met how often, and how many bytes no decoder
// saw because of it.
type Counts struct {
	Depth, Values, Decoded, Expansion uint32
	Uninspected                       int64
}

const (
	arenaSize = 96 << 10
	pathSize  = 512
)

// Walker walks one transaction at a time. It owns all the memory it needs and
// is meant to be pooled. It is not safe for concurrent use.
type Walker struct {
	Counts  Counts
	sink    Sink
	gate    *kernel.Gate
	limits  Limits
	ctx     Context
	hits    kernel.Hits
	values  int
	input   int
	decoded int
	arena   []byte
	path    []byte
	frames  [decode.MaxDepth + 2]*frame
	level   int
	// enters holds the path length at each open container; lost counts those
	// beyond it; floor is where the current cursor began.
	enters               [decode.MaxDepth * 2]int16
	entered, floor, lost int
	body                 body
}

// New makes a Walker.
func New(sink Sink, gate *kernel.Gate, limits Limits) *Walker {
	w := &Walker{sink: sink, gate: gate, limits: limits}
	w.arena = make([]byte, 0, arenaSize)
	w.path = make([]byte, 0, pathSize)
	w.body.window = make([]byte, 0, windowSize)
	w.ctx.walker = w
	w.ctx.Hits = &w.hits
	return w
}

// Reset prepares for the next transaction.
func (w *Walker) Reset() {
	w.Counts = Counts{}
	w.values, w.input, w.decoded, w.level = 0, 0, 0, 0
	w.arena = w.arena[:0]
	w.path = w.path[:0]
	w.body.reset()
}

// frame holds the cursors of one nesting level.
type frame struct {
	json    decode.JSON
	form    decode.Form
	xml     decode.XML
	cookie  decode.Cookie
	strings decode.Strings
	php     decode.PHP
	graphql decode.GraphQL
	serial  decode.Serial
	yaml    decode.YAML
	msgpack decode.Msgpack
	proto   decode.Protobuf
	delim   decode.Delimited
	field   decode.Field
}

// enter takes the cursors of the next nesting level; nil beyond the limit.
func (w *Walker) enter() *frame {
	if w.level >= len(w.frames) {
		return nil
	}
	f := w.frames[w.level]
	if f == nil {
		f = new(frame)
		w.frames[w.level] = f
	}
	w.level++
	return f
}

func (w *Walker) leave() { w.level-- }

// push appends a path element and returns the mark to pop to.
func (w *Walker) push(sep byte, name []byte) int {
	mark := len(w.path)
	if mark+1+len(name) <= cap(w.path) {
		if sep != 0 {
			w.path = append(w.path, sep)
		}
		w.path = append(w.path, name...)
	} else if mark < cap(w.path) {
		w.path = append(w.path, sep)
		room := cap(w.path) - len(w.path)
		if room > len(name) {
			room = len(name)
		}
		w.path = append(w.path, name[:room]...)
	}
	return mark
}

func (w *Walker) pushTag(tag string) int {
	mark := len(w.path)
	if mark+len(tag) <= cap(w.path) {
		w.path = append(w.path, tag...)
	}
	return mark
}

func (w *Walker) pop(mark int) { w.path = w.path[:mark] }

// scratch reserves room for n decoded bytes on the arena, or returns nil when
// the arena or the transaction's decode budget is spent.
func (w *Walker) scratch(n int) []byte {
	if w.decoded+n > w.limits.DecodedRatio*w.input+w.limits.DecodedSlack || len(w.arena)+n > cap(w.arena) {
		w.Counts.Decoded++
		w.Counts.Uninspected += int64(n)
		return nil
	}
	return w.arena[len(w.arena):len(w.arena):cap(w.arena)]
}

// keep makes out, which was appended to scratch, part of the arena and returns
// the mark for release.
func (w *Walker) keep(out []byte) int {
	mark := len(w.arena)
	w.decoded += len(out)
	if mark+len(out) <= cap(w.arena) {
		w.arena = w.arena[:mark+len(out)]
	}
	return mark
}

func (w *Walker) release(mark int) { w.arena = w.arena[:mark] }
