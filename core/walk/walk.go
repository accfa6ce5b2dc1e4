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

// Path returns the place like Location, without a copy: valid during the call.
func (c *Context) Path() []byte { return c.walker.path }

// Sink receives every value in every decoded form.
type Sink interface {
	// Value judges one value of at most MaxValue bytes. v is valid during the
	// call only.
	Value(c *Context, v []byte)
}

// Limits bounds a walk.
type Limits struct {
	// Depth is the number of layers, Values the number of values.
	Depth, Values int
	// DecodedRatio and DecodedSlack bound the decoded bytes to
	// DecodedRatio × input + DecodedSlack.
	DecodedRatio, DecodedSlack int
	// Expansion is the ratio of decompressed to compressed bytes.
	Expansion int
}

// Counts says which limits were met how often, and how many bytes no decoder
// saw because of it.
type Counts struct {
	Depth, Values, Decoded, Expansion uint32
	Uninspected                       int64
}

const (
	// arenaSize is the room for decoded bytes. Long values are decoded piece by
	// piece, each at most a third of what is free, so it holds seven layers of
	// anything and thirty of values that people write.
	arenaSize = 40 << 10
	pathSize  = 512
	// maxFrames is how deeply containers may stand in each other. What is
	// nested deeper is judged as it stands.
	maxFrames = 9
	// maxEnters is how many open keys the path remembers.
	maxEnters = 64
)

// MaxValue is the length of the longest value a Sink is handed: half a body
// window and the overlap of the two halves.
const MaxValue = windowSize/2 + decode.Overlap

// Walker walks one transaction at a time. It owns all the memory it needs, at
// most 200 KiB, and is meant to be pooled. It is not safe for concurrent use.
type Walker struct {
	// Counts is what the limits cost so far; read it at any time.
	Counts  Counts
	sink    Sink
	gate    *kernel.Gate
	skim    *Skimmer // nil unless interpreted
	prober  Prober
	limits  Limits
	ctx     Context
	hits    kernel.Hits
	inner   kernel.Hits // of copies that are judged while hits is in use
	scans   uint32
	values  int
	input   int
	decoded int
	arena   []byte
	path    []byte
	frames  [maxFrames]*frame
	level   int
	// enters holds the path length at each open container; lost counts those
	// beyond it; floor is where the current cursor began.
	enters               [maxEnters]int16
	entered, floor, lost int
	names                repeats
	// dull tells of the name judged last that its whole, looked at once, has no
	// byte that makes it pairable.
	dull      bool
	inflater  *decode.Inflater
	inflating bool
	body      body
}

// New makes a Walker.
func New(sink Sink, gate *kernel.Gate, limits Limits) *Walker {
	w := &Walker{sink: sink, gate: gate, limits: limits}
	w.arena = make([]byte, 0, arenaSize)
	w.path = make([]byte, 0, pathSize)
	w.body.window = make([]byte, 0, windowSize)
	w.ctx.walker = w
	return w
}

// Reset prepares for the next transaction.
func (w *Walker) Reset() {
	w.Counts = Counts{}
	w.values, w.input, w.decoded, w.level = 0, 0, 0, 0
	w.arena = w.arena[:0]
	w.path = w.path[:0]
	w.inflating, w.dull = false, false
	w.body.reset()
}

// at starts a new place.
func (w *Walker) at(loc Loc, path string) {
	w.ctx.Loc = loc
	w.ctx.Name, w.ctx.Partial = false, false
	w.path = append(w.path[:0], path...)
	w.entered, w.floor, w.lost = 0, 0, 0
}

// Line lends the walker's body window, empty, to whoever puts together a
// header line for Header: there is no body yet, or no longer. Its capacity is
// 32 KiB.
func (w *Walker) Line() []byte { return w.body.window[:0] }
