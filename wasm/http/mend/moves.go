package mend

import "github.com/glacis-waf/glacis/wasm/internal/binary"

// The instructions memory.fill and memory.copy of wazero v1.8.0 call Go's memmove
// and take it that this leaves all but a few registers alone. From 2 KiB on the
// memmove of the Go that Traefik 3.7.15 is compiled with does not: memory.fill of
// 4 KiB writes beyond its end or not to it, and what lies in registers at
// memory.copy may be lost. Go clears fresh memory with them, so that a guest gets
// objects that are not empty once its collector has run; wazero v1.12.0 is sound.
// Two functions take their place.

// moveType is the type of both: (i32, i32, i32) -> ().
func moveType() []byte { return []byte{0x60, 3, i32, i32, i32, 0} }

// The instructions that the functions are made of.
const (
	void = 0x40
	i32  = 0x7f
	i64  = 0x7e

	opBlock     = 0x02
	opLoop      = 0x03
	opIf        = 0x04
	opEnd       = 0x0b
	opBr        = 0x0c
	opBrIf      = 0x0d
	opReturn    = 0x0f
	opCall      = 0x10
	opGet       = 0x20
	opSet       = 0x21
	opTee       = 0x22
	opLoad64    = 0x29
	opLoad8     = 0x2d
	opStore64   = 0x37
	opStore8    = 0x3a
	opConst32   = 0x41
	opConst64   = 0x42
	opEqz32     = 0x45
	opLess32    = 0x49
	opAdd32     = 0x6a
	opSub32     = 0x6b
	opMul64     = 0x7e
	opExtend    = 0xad
	opMore      = 0xfc
	moreCopy    = 10
	moreFill    = 11
	to, from, n = 0, 1, 2 // the parameters; from is the byte of a fill
)

// while returns a loop that runs as long as n is at least step.
func while(step byte, body ...byte) []byte {
	f := []byte{opBlock, void, opLoop, void, opGet, n, opConst32, step, opLess32, opBrIf, 1}
	f = append(f, body...)
	return append(f, opBr, 0, opEnd, opEnd)
}

// add moves a parameter on.
func add(param, step byte) []byte {
	return []byte{opGet, param, opConst32, step, opAdd32, opSet, param}
}

// sub makes a parameter less.
func sub(param, step byte) []byte {
	return []byte{opGet, param, opConst32, step, opSub32, opSet, param}
}

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// fill is memory.fill.
func fill() []byte {
	const word = 3 // the byte eight times
	return join(
		[]byte{1, 1, i64},
		[]byte{opGet, from, opExtend, opConst64, 0x81, 0x82, 0x84, 0x88, 0x90, 0xa0, 0xc0, 0x80, 0x01, opMul64, opSet, word},
		while(8, join([]byte{opGet, to, opGet, word, opStore64, 0, 0}, add(to, 8), sub(n, 8))...),
		while(1, join([]byte{opGet, to, opGet, from, opStore8, 0, 0}, add(to, 1), sub(n, 1))...),
		[]byte{opEnd})
}

// move is memory.copy: from the front, or from the back where the target begins
// within the source.
func move() []byte {
	one := []byte{opGet, to, opGet, from, opLoad8, 0, 0, opStore8, 0, 0}
	return join(
		[]byte{0},
		// to-from < n as unsigned numbers says that it does
		[]byte{opGet, to, opGet, from, opSub32, opGet, n, opLess32, opIf, void},
		[]byte{opGet, to, opGet, n, opAdd32, opSet, to, opGet, from, opGet, n, opAdd32, opSet, from},
		while(8, join(sub(to, 8), sub(from, 8), []byte{opGet, to, opGet, from, opLoad64, 0, 0, opStore64, 0, 0}, sub(n, 8))...),
		while(1, join(sub(to, 1), sub(from, 1), one, sub(n, 1))...),
		[]byte{opReturn, opEnd},
		while(8, join([]byte{opGet, to, opGet, from, opLoad64, 0, 0, opStore64, 0, 0}, add(to, 8), add(from, 8), sub(n, 8))...),
		while(1, join(one, add(to, 1), add(from, 1), sub(n, 1))...),
		[]byte{opEnd})
}

// replaceMoves returns the section of code with calls in the place of both.
func (m *module) replaceMoves(r *reader) []byte {
	count := r.LEB()
	out := binary.AppendLEB(make([]byte, 0, len(r.B)), count)
	for ; count > 0 && r.Err == nil; count-- {
		f := &reader{binary.Reader{B: r.Bytes(r.LEB())}}
		out = append(out, sized(m.replaceIn(f))...)
		if f.Err != nil {
			r.Fail(f.Err)
		}
	}
	return out
}

// replaceIn does so in a function.
func (m *module) replaceIn(f *reader) []byte {
	out := make([]byte, 0, len(f.B)+16)
	for groups := f.LEB(); groups > 0 && f.Err == nil; groups-- {
		f.LEB() // how many locals
		f.Byte()
	}
	kept := 0
	for f.At < len(f.B) {
		start := f.At
		which := f.instruction()
		if which != moreCopy && which != moreFill {
			continue
		}
		target := m.added(1)
		if which == moreCopy {
			target = m.added(2)
		}
		out = binary.AppendLEB(append(append(out, f.B[kept:start]...), opCall), target)
		kept = f.At
	}
	return append(out, f.B[kept:]...)
}
