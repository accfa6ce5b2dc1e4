package learn

import "github.com/glacis-waf/glacis/core/kernel"

// classOf returns the byte classes of a text.
func classOf(text string) kernel.Class {
	return kernel.Scan([]byte(text), new(kernel.Gate), new(kernel.Hits))
}
