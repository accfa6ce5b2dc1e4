package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// flow is a definite-assignment analysis of a function's named results. A set of
// results is a bit mask by position; results beyond the 64th are not followed.
type flow struct {
	pass *pass
	bit  map[types.Object]uint64
	// leaves holds, for each statement around that a break can leave, innermost
	// last, what is unset at its breaks.
	leaves []leave
	// found is where an unset result is read first, or token.NoPos.
	found token.Pos
}

type leave struct {
	unset uint64
	taken bool
}

// reads notes the first mention of an unset result below n.
func (f *flow) reads(n ast.Node, unset uint64) {
	if n == nil || unset == 0 {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && f.bit[f.pass.info.Uses[id]]&unset != 0 {
			f.note(id.Pos())
		}
		return f.found == token.NoPos
	})
}

func (f *flow) readAll(list []ast.Expr, unset uint64) {
	for _, e := range list {
		f.reads(e, unset)
	}
}

func (f *flow) note(at token.Pos) {
	if f.found == token.NoPos {
		f.found = at
	}
}

// block follows statements in order. It returns what is still unset after them
// and whether control never gets there.
func (f *flow) block(list []ast.Stmt, unset uint64) (uint64, bool) {
	for _, s := range list {
		var ends bool
		if unset, ends = f.stmt(s, unset); ends {
			return unset, true
		}
	}
	return unset, false
}

func (f *flow) stmt(s ast.Stmt, unset uint64) (uint64, bool) {
	switch s := s.(type) {
	case nil:
	case *ast.AssignStmt:
		return f.assign(s, unset), false
	case *ast.ReturnStmt:
		if len(s.Results) == 0 && unset != 0 {
			f.note(s.Pos())
		}
		f.readAll(s.Results, unset)
		return unset, true
	case *ast.BranchStmt:
		f.branch(s, unset)
		return unset, true
	case *ast.BlockStmt:
		return f.block(s.List, unset)
	case *ast.LabeledStmt:
		return f.stmt(s.Stmt, unset)
	case *ast.IfStmt:
		unset, _ = f.stmt(s.Init, unset)
		f.reads(s.Cond, unset)
		a, endsA := f.block(s.Body.List, unset)
		b, endsB := f.stmt(s.Else, unset)
		return merge(a, endsA, b, endsB)
	case *ast.ForStmt:
		unset, _ = f.stmt(s.Init, unset)
		if s.Cond != nil {
			f.reads(s.Cond, unset)
		}
		f.enter()
		inside, _ := f.block(s.Body.List, unset)
		f.stmt(s.Post, inside)
		if left := f.exit(); s.Cond == nil {
			return left.unset, !left.taken
		}
	case *ast.RangeStmt:
		f.reads(s.X, unset)
		f.enter()
		f.block(s.Body.List, unset)
		f.exit()
	case *ast.SwitchStmt:
		unset, _ = f.stmt(s.Init, unset)
		if s.Tag != nil {
			f.reads(s.Tag, unset)
		}
		return f.clauses(s.Body, unset)
	case *ast.TypeSwitchStmt:
		unset, _ = f.stmt(s.Init, unset)
		f.reads(s.Assign, unset)
		return f.clauses(s.Body, unset)
	case *ast.SelectStmt:
		return f.clauses(s.Body, unset)
	case *ast.ExprStmt:
		f.reads(s, unset)
		return unset, f.panics(s.X)
	default: // declarations, sends, go, defer, x++
		f.reads(s, unset)
	}
	return unset, false
}

// assign follows = and :=; the latter also assigns to a result when it stands
// in the function's own block.
func (f *flow) assign(s *ast.AssignStmt, unset uint64) uint64 {
	f.readAll(s.Rhs, unset)
	for _, e := range s.Lhs {
		id, ok := e.(*ast.Ident)
		if !ok || s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
			f.reads(e, unset)
			continue
		}
		unset &^= f.bit[f.pass.info.Uses[id]]
	}
	return unset
}

// clauses follows the cases of a switch or select: what any of them leaves unset
// is unset afterwards, and so is everything when no case need be taken.
func (f *flow) clauses(body *ast.BlockStmt, unset uint64) (uint64, bool) {
	after, ends, all := uint64(0), true, false
	f.enter()
	for _, s := range body.List {
		var end uint64
		var ended bool
		switch c := s.(type) {
		case *ast.CaseClause:
			f.readAll(c.List, unset)
			all = all || c.List == nil
			end, ended = f.block(c.Body, unset)
		case *ast.CommClause:
			all = true // a select waits until one case is taken
			start, _ := f.stmt(c.Comm, unset)
			end, ended = f.block(c.Body, start)
		}
		after, ends = merge(after, ends, end, ended)
	}
	left := f.exit()
	after, ends = merge(after, ends, left.unset, !left.taken)
	if !all {
		return merge(after, ends, unset, false)
	}
	return after, ends
}

func merge(a uint64, endsA bool, b uint64, endsB bool) (uint64, bool) {
	switch {
	case endsA:
		return b, endsB
	case endsB:
		return a, false
	}
	return a | b, false
}

func (f *flow) enter() { f.leaves = append(f.leaves, leave{}) }

func (f *flow) exit() leave {
	top := f.leaves[len(f.leaves)-1]
	f.leaves = f.leaves[:len(f.leaves)-1]
	return top
}

// branch notes a break. One with a label may leave any statement around, which
// errs on the side of reporting.
func (f *flow) branch(s *ast.BranchStmt, unset uint64) {
	if s.Tok != token.BREAK {
		return
	}
	for i := len(f.leaves) - 1; i >= 0; i-- {
		f.leaves[i].unset |= unset
		f.leaves[i].taken = true
		if s.Label == nil {
			return
		}
	}
}

func (f *flow) panics(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := f.pass.info.Uses[id].(*types.Builtin)
	return ok && b.Name() == "panic"
}
