package straight

// shape is a function as Go's assembler writes it, in segments.
type shape struct {
	list   []instruction
	blocks int // index of the first of the n blocks around the table
	table  int // index of the br_table
	n      int // number of segments, and of blocks
	unwind bool
	// segments[u] begins at that index; what follows the last begins at tail.
	segments []int
	tail     int
	// jumps are all ways from a segment to another: by the table, by just going
	// on behind its end, and from outside (-1) into the function's beginning and to
	// where a call comes back later.
	jumps []jump
}

// jump is a way from a segment to another.
type jump struct{ from, to int }

// outside is where jumps come from that only the table can make.
const outside = -1

// read finds the shape of a function; ok is false when it has another one: it is
// written in assembly, or has no jumps.
func read(list []instruction) (s shape, ok bool) {
	s.list = list
	i := 0
	for i+1 < len(list) && list[i].op == opGlobalGet && list[i+1].op == opLocalSet && list[i+1].arg != 0 {
		i += 2 // registers such as the stack pointer are cached
	}
	if s.unwind = s.is(i, opBlock) && s.is(i+1, opLoop); s.unwind {
		i++
	}
	if !s.is(i, opLoop) {
		return s, false
	}
	i++
	s.blocks = i
	for ; s.is(i, opBlock); i++ {
		s.n++
	}
	s.table = i + 1
	if s.n == 0 || i+2 >= len(list) || list[i].op != opLocalGet || list[i].arg != 0 || list[i+1].op != opBrTable || list[i+2].op != opEnd {
		return s, false
	}
	labels := list[s.table].labels
	for _, l := range labels {
		if int(l) >= s.n {
			return s, false
		}
	}
	return s, labels[0] == 0 && s.split() && !s.numbered()
}

// is tells that a block or loop without a result begins at an index.
func (s *shape) is(i int, op byte) bool {
	return i < len(s.list) && s.list[i].op == op && s.list[i].arg == typeEmpty
}

// split finds the segments, the jumps and the calls.
func (s *shape) split() bool {
	s.segments = append(s.segments, s.table+2)
	s.jumps = append(s.jumps, jump{outside, 0})
	inner := 0 // blocks, loops and ifs of the segment itself
	for i := s.table + 2; i < len(s.list); i++ {
		u := len(s.segments) - 1
		in := &s.list[i]
		if (in.op == opBr || in.op == opBrIf) && in.arg > s.outmost(u, inner) {
			return false
		}
		switch in.op {
		case opBlock, opLoop, opIf:
			inner++
		case opBrTable:
			return false
		case opBr:
			if to, ok := s.jump(i-2, u, inner); ok {
				s.jumps = append(s.jumps, jump{u, to})
			}
		case opBrIf:
			if inner == 0 && s.unwind && in.arg == s.outmost(u, 0) {
				s.jumps = append(s.jumps, jump{outside, u + 1})
			}
		case opEnd:
			if inner > 0 {
				inner--
				break
			}
			if len(s.segments) == s.n {
				s.tail = i
				return true
			}
			if s.goesOn(u, i) {
				s.jumps = append(s.jumps, jump{u, u + 1})
			}
			s.segments = append(s.segments, i+1)
		}
	}
	return false
}

// outmost is how a br of a segment names the outermost block.
func (s *shape) outmost(u, inner int) uint64 {
	if s.unwind {
		inner++
	}
	return uint64(inner + s.n - 1 - u)
}

// goesOn tells that a segment that ends before an index may be left by its end.
func (s *shape) goesOn(u, end int) bool {
	if end == s.segments[u] {
		return true
	}
	op := s.list[end-1].op
	return op != opBr && op != opReturn && op != opUnreachable
}

// jump tells whether the three instructions from i on, in a segment, are a jump
// by the table, and to where.
func (s *shape) jump(i, segment, inner int) (to int, ok bool) {
	if i < 0 || i+2 >= len(s.list) {
		return 0, false
	}
	number, set, br := &s.list[i], &s.list[i+1], &s.list[i+2]
	if number.op != opI32Const || set.op != opLocalSet || set.arg != 0 || br.op != opBr || br.arg != uint64(inner+s.n-1-segment) {
		return 0, false
	}
	labels := s.list[s.table].labels
	return int(labels[min(number.arg, uint64(len(labels)-1))]), true
}

// numbered tells that something beside the table reads the number of a segment.
// Calls through a pointer use its place for a moment, which they set before.
func (s *shape) numbered() bool {
	for i := s.table + 1; i < len(s.list); i++ {
		in := &s.list[i]
		if in.op != opLocalGet && in.op != opLocalTee || in.arg != 0 {
			continue
		}
		scratch := in.op == opLocalGet && s.list[i-1].op == opI32Const && s.list[i-2].op == opLocalSet && s.list[i-2].arg == 0
		if !scratch {
			return true
		}
	}
	return false
}
