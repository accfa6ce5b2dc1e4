package walk

import "github.com/glacis-waf/glacis/core/decode"

// inflateValue undoes a compressed value (a gzip under base64, say), as far as
// the arena and the expansion limit allow.
func (w *Walker) inflateValue(v []byte, depth int, flags decode.Flags) bool {
	return false
}
