package straight

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/glacis-waf/glacis/wasm/internal/binary"
)

// codeSection is the id of the section with the functions' code.
const codeSection = 10

// Stats says what was done.
type Stats struct {
	// Functions is how many functions the module has, Direct how many jumps were
	// made direct.
	Functions, Direct int
}

// Module returns a module that does the same. It must be one that Go's linker
// wrote, without debugging information (-ldflags=-s\ -w), whose offsets would be
// wrong. It returns an error for anything that is no module or has unknown
// instructions.
func Module(module []byte) ([]byte, Stats, error) {
	var s Stats
	if !bytes.HasPrefix(module, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, s, errors.New("straighten: not a WebAssembly module")
	}
	out := append(make([]byte, 0, len(module)), module[:8]...)
	r := &reader{binary.Reader{B: module, At: 8}}
	for r.At < len(r.B) {
		id := r.Byte()
		body := r.Bytes(r.LEB())
		if r.Err == nil && id == codeSection {
			var err error
			if body, err = s.section(body); err != nil {
				return nil, s, err
			}
		}
		out = append(binary.AppendLEB(append(out, id), uint64(len(body))), body...)
	}
	if r.Err != nil {
		return nil, s, fmt.Errorf("straighten: %w", r.Err)
	}
	return out, s, nil
}

// section rewrites the code section.
func (s *Stats) section(body []byte) ([]byte, error) {
	r := &reader{binary.Reader{B: body}}
	n := r.LEB()
	out := binary.AppendLEB(make([]byte, 0, len(body)), n)
	var code []byte
	for i := uint64(0); i < n && r.Err == nil; i++ {
		f := &reader{binary.Reader{B: r.Bytes(r.LEB())}}
		for groups := f.LEB(); groups > 0 && f.Err == nil; groups-- {
			f.LEB() // how many locals
			f.Byte()
		}
		locals := f.At
		list := decode(f)
		if f.Err == nil && len(list) == 0 {
			f.Fail(binary.ErrShort)
		}
		if f.Err != nil {
			return nil, fmt.Errorf("straighten: function %d: %w", i, f.Err)
		}
		var direct int
		code, direct = straighten(append(code[:0], f.B[:locals]...), f.B, list)
		s.Direct += direct
		s.Functions++
		out = append(binary.AppendLEB(out, uint64(len(code))), code...)
	}
	if r.Err != nil {
		return nil, fmt.Errorf("straighten: %w", r.Err)
	}
	return out, nil
}
