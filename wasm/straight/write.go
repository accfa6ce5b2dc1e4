package straight

import (
	"slices"

	"github.com/glacis-waf/glacis/wasm/internal/binary"
)

// label is something that a br can lead to: the end of the block before a
// segment, the start of a loop, or one of those that follow.
type label struct {
	kind    kind
	segment int
}

type kind uint8

const (
	other  kind = iota // of the segment's own code
	behind             // the block whose end is where a segment begins
	again              // the loop whose first segment it is
	byTable
	unwound
	never // where the table's numbers lead that nothing uses any more
)

// writer writes a function anew.
type writer struct {
	*shape
	code   []byte // the old
	out    []byte
	labels []label // what is open
	root   *region
	direct int
	// tangled is a segment in a loop that only the table could lead to; none: -1.
	tangled int
}

// straighten appends a function's code to dst and returns how many of its jumps
// were made direct.
func straighten(dst, code []byte, list []instruction) (out []byte, direct int) {
	s, ok := read(list)
	if !ok {
		return enter(dst, code, list), 0
	}
	for loops := s.loops(); ; {
		w := &writer{shape: &s, code: code, out: dst, root: &region{span: span{0, s.n - 1, 0}}, tangled: -1}
		arrange(w.root, loops)
		w.function()
		if w.tangled < 0 {
			return w.out, w.direct
		}
		rest := slices.DeleteFunc(slices.Clone(loops), func(l span) bool { return l.has(w.tangled) && l.head != w.tangled })
		if len(rest) == len(loops) {
			rest = nil // without loops the table leads everywhere
		}
		loops = rest
	}
}

// enter appends the code of a function without jumps of its own, or of another
// shape, and tells the ordinary entry apart if there is a table at its start.
func enter(dst, code []byte, list []instruction) []byte {
	i := 0
	for i < len(list) && (list[i].op == opGlobalGet || list[i].op == opLocalSet || list[i].op == opBlock) {
		i++
	}
	at := list[0].start
	if i > 0 && i+1 < len(list) && list[i-1].op == opBlock && list[i].op == opLocalGet && list[i].arg == 0 &&
		list[i+1].op == opBrTable && list[i+1].labels[0] == 0 {
		dst = append(append(dst, code[at:list[i].start]...), ordinary...)
		at = list[i].start
	}
	return append(dst, code[at:]...)
}

// ordinary goes to segment 0 if that is where to go.
var ordinary = []byte{opLocalGet, 0, opI32Eqz, opBrIf, 0}

// function writes it all.
func (w *writer) function() {
	start := w.shape.blocks - 1 // the loop
	if w.unwind {
		start--
	}
	w.copy(0, start)
	if w.unwind {
		w.open(opBlock, label{kind: unwound})
	}
	w.open(opBlock, label{kind: never})
	w.open(opLoop, label{kind: byTable})
	w.region(w.root, w.n)
	w.end()
	w.end()
	w.copy(w.tail+1, len(w.list))
}

// entry writes the ordinary entry and the table.
func (w *writer) entry() {
	w.out = append(append(w.out, ordinary...), opLocalGet, 0, opBrTable)
	table := w.list[w.table].labels
	w.out = binary.AppendLEB(w.out, uint64(len(table)-1))
	for _, u := range table {
		depth, ok := w.depth(label{behind, int(u)})
		if !ok {
			depth, _ = w.depth(label{kind: never})
		}
		w.out = binary.AppendLEB(w.out, depth)
	}
}

// region writes a loop's or the function's segments; after is the segment that
// is written after them.
func (w *writer) region(r *region, after int) {
	for i := len(r.items) - 1; i > 0; i-- {
		w.open(opBlock, label{behind, r.items[i].start})
	}
	if r == w.root {
		w.open(opBlock, label{behind, 0})
		w.entry()
		w.end()
	}
	for i, it := range r.items {
		if i > 0 {
			w.end()
		}
		next := after
		if i+1 < len(r.items) {
			next = r.items[i+1].start
		}
		if it.loop == nil {
			w.segment(it.start, next)
			continue
		}
		w.open(opLoop, label{again, it.start})
		w.region(it.loop, next)
		w.end()
	}
}

// segment writes one. next is the segment that will stand behind it.
func (w *writer) segment(u, next int) {
	end := w.tail
	if u+1 < w.n {
		end = w.segments[u+1] - 1
	}
	inner := 0
	for i := w.segments[u]; i < end; i++ {
		switch in := &w.list[i]; in.op {
		case opBlock, opLoop, opIf:
			if in.op == opIf && w.only(i, u, inner) {
				i += 4
				continue
			}
			inner++
			w.labels = append(w.labels, label{})
		case opEnd:
			inner--
			w.labels = w.labels[:len(w.labels)-1]
		case opI32Const:
			if to, ok := w.jump(i, u, inner); ok {
				if w.branch(opBr, to) {
					i += 2
					continue
				}
				w.viaTable(to)
			}
		case opBr, opBrIf:
			if in.arg >= uint64(inner) {
				depth, _ := w.depth(w.target(int(in.arg)-inner, u))
				w.out = binary.AppendLEB(append(w.out, in.op), depth)
				continue
			}
		}
		w.copy(i, i+1)
	}
	if u+1 < w.n && u+1 != next && w.goesOn(u, end) && !w.branch(opBr, u+1) {
		w.tangled = u + 1
	}
}

// viaTable checks that the table still leads to a segment.
func (w *writer) viaTable(to int) {
	if !slices.ContainsFunc(w.root.items, func(it item) bool { return it.start == to }) {
		w.tangled = to
	}
}

// only writes an if that has nothing but a jump in it as a conditional one.
func (w *writer) only(i, u, inner int) bool {
	if w.list[i].arg != typeEmpty || i+4 >= len(w.list) || w.list[i+4].op != opEnd {
		return false
	}
	to, ok := w.jump(i+1, u, inner+1)
	return ok && w.branch(opBrIf, to)
}

// branch writes a direct jump to a segment, if there can be one.
func (w *writer) branch(op byte, to int) bool {
	depth, ok := w.depth(label{behind, to})
	if !ok {
		depth, ok = w.depth(label{again, to})
	}
	if ok {
		w.out = binary.AppendLEB(append(w.out, op), depth)
		w.direct++
	}
	return ok
}

// target is what a br of a segment led to, n levels beyond its own.
func (w *writer) target(n, u int) label {
	switch rest := w.n - 1 - u; {
	case n < rest:
		return label{behind, u + 1 + n}
	case n == rest:
		return label{kind: byTable}
	}
	return label{kind: unwound}
}

// depth is how a br names an open label.
func (w *writer) depth(l label) (uint64, bool) {
	for i := len(w.labels) - 1; i >= 0; i-- {
		if w.labels[i] == l {
			return uint64(len(w.labels) - 1 - i), true
		}
	}
	return 0, false
}

func (w *writer) open(op byte, l label) {
	w.out = append(w.out, op, typeEmpty)
	w.labels = append(w.labels, l)
}

func (w *writer) end() {
	w.out = append(w.out, opEnd)
	w.labels = w.labels[:len(w.labels)-1]
}

// copy copies instructions.
func (w *writer) copy(from, to int) {
	if from < to {
		w.out = append(w.out, w.code[w.list[from].start:w.list[to-1].end]...)
	}
}
