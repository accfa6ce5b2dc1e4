package decompress

import (
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/glacis-waf/glacis/core"
)

// maxZstdWindow is the largest window that RFC 9659 allows under the content
// encoding "zstd"; a frame that asks for more is an error.
const maxZstdWindow = 8 << 20

// Concurrency 1 makes the reader synchronous: it reads and decodes on the
// goroutine that calls Read, which the coroutine depends on.
var zstdReaders = sync.Pool{New: func() any {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		panic("decompress: constant zstd options are wrong: " + err.Error())
	}
	return d
}}

// NewZstd returns a decompressor for one Zstandard body (Content-Encoding:
// zstd). Its window has at most 8 MiB; a frame that wants more is an error.
func NewZstd() core.Decompressor { return &stream{name: "zstd", readers: &zstdReaders} }
