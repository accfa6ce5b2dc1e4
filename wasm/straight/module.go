package straight

import (
	"bytes"
	"errors"
	"fmt"
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
	r := &reader{b: module, at: 8}
	for r.at < len(r.b) {
		id := r.byte()
		body := r.bytes(r.leb())
		if r.err == nil && id == codeSection {
			var err error
			if body, err = s.section(body); err != nil {
				return nil, s, err
			}
		}
		out = append(appendLEB(append(out, id), uint64(len(body))), body...)
	}
	if r.err != nil {
		return nil, s, fmt.Errorf("straighten: %w", r.err)
	}
	return out, s, nil
}

// section rewrites the code section.
func (s *Stats) section(body []byte) ([]byte, error) {
	r := &reader{b: body}
	n := r.leb()
	out := appendLEB(make([]byte, 0, len(body)), n)
	var code []byte
	for i := uint64(0); i < n && r.err == nil; i++ {
		f := &reader{b: r.bytes(r.leb())}
		for groups := f.leb(); groups > 0 && f.err == nil; groups-- {
			f.leb() // how many locals
			f.byte()
		}
		locals := f.at
		list := decode(f)
		if f.err == nil && len(list) == 0 {
			f.fail(errShort)
		}
		if f.err != nil {
			return nil, fmt.Errorf("straighten: function %d: %w", i, f.err)
		}
		var direct int
		code, direct = straighten(append(code[:0], f.b[:locals]...), f.b, list)
		s.Direct += direct
		s.Functions++
		out = append(appendLEB(out, uint64(len(code))), code...)
	}
	if r.err != nil {
		return nil, fmt.Errorf("straighten: %w", r.err)
	}
	return out, nil
}
