// Package mend makes a guest that Go compiled fit for the hosts that it meets in
// Traefik, http-wasm-host-go v0.7.0 on wazero v1.8.0: reading.go takes the reading
// of bodies out of the Go program, moves.go does without two instructions.
package mend

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/glacis-waf/glacis/wasm/internal/binary"
)

// The ids of the sections that are read or changed.
const (
	types     = 1
	imports   = 2
	functions = 3
	exports   = 7
	code      = 10
)

// Module returns a guest that does the same in a sound host. It must be one that
// Go's linker wrote, without debugging information, that exports what reading.go
// names. Anything else is an error.
func Module(guest []byte) ([]byte, error) {
	out, err := rewrite(guest)
	if err != nil {
		return nil, fmt.Errorf("mend the guest: %w", err)
	}
	return out, nil
}

func rewrite(guest []byte) ([]byte, error) {
	const magic = "\x00asm\x01\x00\x00\x00"
	if !bytes.HasPrefix(guest, []byte(magic)) {
		return nil, errors.New("not a WebAssembly module")
	}
	m := &module{named: map[string]uint64{}}
	if err := each(guest[len(magic):], m.learn); err != nil {
		return nil, err
	}
	if err := m.complete(); err != nil {
		return nil, err
	}
	out := append(make([]byte, 0, len(guest)+64), magic...)
	err := each(guest[len(magic):], func(id byte, r *reader) {
		body := r.B
		switch id {
		case types:
			body = more(r, moveType())
		case functions:
			body = more(r, binary.AppendLEB(nil, m.finishType), binary.AppendLEB(nil, m.types), binary.AppendLEB(nil, m.types))
		case exports:
			body = m.export(r)
		case code:
			body = more(&reader{binary.Reader{B: m.replaceMoves(r)}}, sized(m.loop()), sized(fill()), sized(move()))
		}
		out = append(binary.AppendLEB(append(out, id), uint64(len(body))), body...)
	})
	return out, err
}

// each calls f for the sections of a module.
func each(b []byte, f func(id byte, r *reader)) error {
	r := &reader{binary.Reader{B: b}}
	for r.At < len(r.B) {
		id := r.Byte()
		section := &reader{binary.Reader{B: r.Bytes(r.LEB())}}
		f(id, section)
		if section.Err != nil {
			return fmt.Errorf("section %d: %w", id, section.Err)
		}
	}
	return r.Err
}

// more returns a vector with further elements.
func more(r *reader, elements ...[]byte) []byte {
	out := binary.AppendLEB(nil, r.LEB()+uint64(len(elements)))
	out = append(out, r.B[r.At:]...)
	return append(out, bytes.Join(elements, nil)...)
}

// sized puts the length before the code of a function.
func sized(f []byte) []byte { return append(binary.AppendLEB(nil, uint64(len(f))), f...) }

// module is what the loop has to know of a guest: indexes of functions, of which
// the imported come first.
type module struct {
	named      map[string]uint64 // exported functions, and read_body
	imported   uint64
	own        []uint64 // the types of its own functions
	bodies     uint64   // how many functions have code
	types      uint64   // how many types there are; the next is that of moves
	finishType uint64
}

// learn reads a section.
func (m *module) learn(id byte, r *reader) {
	switch id {
	case types:
		m.types = r.LEB()
	case imports:
		for n := r.LEB(); n > 0 && r.Err == nil; n-- {
			m.importOf(r)
		}
	case functions:
		for n := r.LEB(); n > 0 && r.Err == nil; n-- {
			m.own = append(m.own, r.LEB())
		}
	case exports:
		for n := r.LEB(); n > 0 && r.Err == nil; n-- {
			name := string(r.Bytes(r.LEB()))
			kind, index := r.Byte(), r.LEB()
			if kind == 0 {
				m.named[name] = index
			}
		}
	case code:
		m.bodies = r.LEB()
	}
}

// importOf reads an import. Go's linker makes imports of functions only.
func (m *module) importOf(r *reader) {
	from, name := string(r.Bytes(r.LEB())), string(r.Bytes(r.LEB()))
	if r.Byte() != 0 {
		r.Fail(errors.New("an import that is no function"))
		return
	}
	r.LEB() // its type
	if from == readModule && name == readName {
		m.named[readName] = m.imported
	}
	m.imported++
}

// complete checks that everything is there.
func (m *module) complete() error {
	if m.bodies != uint64(len(m.own)) {
		return errors.New("there are functions without code")
	}
	for _, name := range []string{readName, beginName, pieceName, finishName, handleName} {
		if _, ok := m.named[name]; !ok {
			return errors.New("there is no function " + name)
		}
	}
	at := m.named[finishName] - m.imported
	if m.named[finishName] < m.imported || at >= uint64(len(m.own)) {
		return errors.New(finishName + " is not a function of its own")
	}
	m.finishType = m.own[at]
	return nil
}

// export returns the section of exports with the loop as handle_request.
func (m *module) export(r *reader) []byte {
	count := r.LEB()
	out := binary.AppendLEB(nil, count)
	for ; count > 0 && r.Err == nil; count-- {
		name := r.Bytes(r.LEB())
		kind, index := r.Byte(), r.LEB()
		if kind == 0 && string(name) == handleName {
			index = m.added(0)
		}
		out = append(binary.AppendLEB(out, uint64(len(name))), name...)
		out = binary.AppendLEB(append(out, kind), index)
	}
	return out
}

// added is the index of the i-th function that is added: the loop, fill, move.
func (m *module) added(i int) uint64 { return m.imported + uint64(len(m.own)+i) }
