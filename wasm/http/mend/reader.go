package mend

import "github.com/glacis-waf/glacis/wasm/internal/binary"

// reader knows instructions, too.
type reader struct{ binary.Reader }
