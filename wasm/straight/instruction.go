package straight

import "fmt"

// The opcodes that matter here (WebAssembly 2.0, section 5.4).
const (
	opUnreachable = 0x00
	opBlock       = 0x02
	opLoop        = 0x03
	opIf          = 0x04
	opElse        = 0x05
	opEnd         = 0x0b
	opBr          = 0x0c
	opBrIf        = 0x0d
	opBrTable     = 0x0e
	opReturn      = 0x0f
	opCall        = 0x10
	opIndirect    = 0x11
	opLocalGet    = 0x20
	opLocalSet    = 0x21
	opLocalTee    = 0x22
	opGlobalGet   = 0x23
	opI32Const    = 0x41
	opI32Eqz      = 0x45

	typeEmpty = 0x40 // a block without a result
)

// instruction is one instruction: where it stands, and of its operands those
// that matter here.
type instruction struct {
	op         byte
	start, end int
	arg        uint64   // depth, index or block type; of i32.const the value's bits
	labels     []uint32 // of a br_table, the default last
}

// decode splits the code of a function.
func decode(r *reader) []instruction {
	var list []instruction
	for r.At < len(r.B) {
		in := instruction{start: r.At}
		in.op = r.Byte()
		r.operands(&in)
		in.end = r.At
		list = append(list, in)
	}
	return list
}

// operands reads what follows an opcode. An unknown one is an error: what
// follows it could not be told apart.
func (r *reader) operands(in *instruction) {
	switch op := in.op; {
	case op == opBlock || op == opLoop || op == opIf, op == opBr || op == opBrIf, op == opCall,
		op >= opLocalGet && op <= 0x26, // locals, globals, tables
		op == 0x3f || op == 0x40,       // memory.size, memory.grow
		op == 0xd2:                     // ref.func
		in.arg = r.LEB()
	case op == opBrTable:
		for n := r.LEB(); r.Err == nil; n-- {
			in.labels = append(in.labels, uint32(r.LEB()))
			if n == 0 {
				return
			}
		}
	case op == opIndirect, op >= 0x28 && op <= 0x3e: // call_indirect, loads and stores
		r.LEB()
		r.LEB()
	case op == opI32Const:
		in.arg = uint64(uint32(r.Signed32()))
	case op == 0x42: // i64.const
		r.LEB()
	case op == 0x43: // f32.const
		r.Bytes(4)
	case op == 0x44: // f64.const
		r.Bytes(8)
	case op == 0xfc:
		r.bulk()
	case op <= 0x01, op == opElse || op == opEnd, op == opReturn || op == 0x1a || op == 0x1b,
		op >= opI32Eqz && op <= 0xc4: // comparisons and arithmetic
	default:
		r.Fail(fmt.Errorf("unknown instruction %#x at %d", op, in.start))
	}
}

// bulk reads the operands of the instructions with the prefix 0xfc.
func (r *reader) bulk() {
	switch sub := r.LEB(); {
	case sub <= 7: // saturating truncation
	case sub == 9 || sub == 11 || sub == 13 || sub >= 15 && sub <= 17: // data.drop, memory.fill, …
		r.LEB()
	case sub == 8 || sub == 10 || sub == 12 || sub == 14: // memory.init, memory.copy, …
		r.LEB()
		r.LEB()
	default:
		r.Fail(fmt.Errorf("unknown instruction 0xfc %d at %d", sub, r.At))
	}
}
