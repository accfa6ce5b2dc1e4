package decompress

import (
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/glacis-waf/glacis/core"
)

var brotliReaders = sync.Pool{New: func() any { return brotli.NewReader(nil) }}

// NewBrotli returns a decompressor for one brotli body (Content-Encoding: br).
// The format bounds its window, and so the memory held while the body lasts, to
// 16 MiB; a body gets only as much as it has really expanded to.
//
// The reader gets its input byte by byte: at a defect it forgets what it has
// decoded since it was last fed, and a lenient server would have read that.
func NewBrotli() core.Decompressor { return &stream{name: "br", readers: &brotliReaders, sip: 1} }
