package lint

import (
	"go/ast"
	"go/token"
)

// checkMultiAssign: an assignment of several values at once goes wrong when one
// of them comes from a call (the others are read or written too early or not at
// all: l, n = append(l, n), n+1 leaves n as zero) and panics when one is nil.
// Definitions, conversions, swaps and the results of one call are right.
func checkMultiAssign(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		s, ok := n.(*ast.AssignStmt)
		if !ok || s.Tok != token.ASSIGN || len(s.Rhs) < 2 {
			return true
		}
		for _, e := range s.Rhs {
			if p.info.Types[e].IsNil() {
				p.report(e.Pos(), "nil among several values assigned at once panics or is lost: assign one by one")
			} else if at := p.call(e); at != token.NoPos {
				p.report(at, "call among several values assigned at once gives wrong values: assign one by one")
			}
		}
		return true
	})
}

// call returns where an expression calls a function, conversions and constants
// aside.
func (p *pass) call(e ast.Expr) token.Pos {
	at := token.NoPos
	ast.Inspect(e, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if ok && at == token.NoPos && !p.info.Types[call.Fun].IsType() && p.info.Types[call].Value == nil {
			at = call.Pos()
		}
		return at == token.NoPos
	})
	return at
}
