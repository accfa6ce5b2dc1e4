package mend

import "fmt"

// instruction passes over one instruction and its immediates (WebAssembly 2.0,
// section 5.4, without vectors). Of those behind opMore it returns which it is, of
// others 0.
func (r *reader) instruction() byte {
	op := r.Byte()
	switch {
	case op == opMore:
		return r.moreInstruction()
	case op == opBlock || op == opLoop || op == opIf, // the type of a block
		op == opBr || op == opBrIf || op == opCall, op >= opGet && op <= 0x26,
		op == opConst32 || op == opConst64, op == 0x3f || op == 0x40, op == 0xd0 || op == 0xd2:
		r.number()
	case op == 0x0e: // br_table
		for targets := r.LEB() + 1; targets > 0 && r.Err == nil; targets-- {
			r.LEB()
		}
	case op == 0x11, op >= 0x28 && op <= 0x3e: // call_indirect; alignment and offset
		r.LEB()
		r.LEB()
	case op == 0x1c: // select with types
		r.Bytes(r.LEB())
	case op == 0x43:
		r.Bytes(4)
	case op == 0x44:
		r.Bytes(8)
	case op > 0xc4 && op != 0xd1 || op >= 0x06 && op <= 0x0a || op >= 0x12 && op <= 0x19:
		r.Fail(fmt.Errorf("unknown instruction %#x", op))
	}
	return 0
}

// moreInstruction passes over what follows opMore.
func (r *reader) moreInstruction() byte {
	which := r.LEB()
	switch {
	case which < 8: // saturating conversions
	case which == moreCopy, which == 8, which == 12, which == 14:
		r.LEB()
		r.LEB()
	case which == moreFill, which < 18:
		r.LEB()
	default:
		r.Fail(fmt.Errorf("unknown instruction 0xfc %d", which))
		return 0
	}
	return byte(which)
}

// number passes over a number of either sign.
func (r *reader) number() {
	for i := 0; i < 10; i++ {
		if r.Byte() < 0x80 {
			return
		}
	}
	r.Fail(fmt.Errorf("a number of more than ten bytes"))
}
