package decompress

import (
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/glacis-waf/glacis/core"
)

var brotliReaders = sync.Pool{New: func() any { return brotli.NewReader(nil) }}

// NewBrotli returns a decompressor for one brotli body (Content-Encoding: br).
// Its window has at most 16 MiB, the format's limit, and all of it is taken as
// soon as a meta-block announces so much, whatever has really come.
//
// The reader gets its input byte by byte: at a defect it forgets what it has
// decoded since it was last fed, and a lenient server would have read that.
func NewBrotli() core.Decompressor { return &stream{name: "br", readers: &brotliReaders, sip: 1} }
