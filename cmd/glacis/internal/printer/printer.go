// Package printer writes reports for people, line by line.
package printer

import (
	"fmt"
	"io"
)

// Printer writes lines and keeps the first error, after which it writes nothing.
// Not for concurrent use.
type Printer struct {
	w   io.Writer
	err error
}

// New makes a printer.
func New(w io.Writer) *Printer { return &Printer{w: w} }

// Line writes a formatted line and its end.
func (p *Printer) Line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// Err returns the first error.
func (p *Printer) Err() error { return p.err }
