package lint

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// checkConstCompare: a constant of a defined type that is computed by an
// operator (1 << iota, Changed|Spliced) equals nothing. Predeclared types, plain
// iota, conversions, and masks compared with zero are fine.
func checkConstCompare(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		cmp, ok := n.(*ast.BinaryExpr)
		if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || p.info.Types[cmp].Value != nil {
			return true
		}
		for _, e := range []ast.Expr{cmp.X, cmp.Y} {
			if p.computed(ast.Unparen(e)) {
				p.report(e.Pos(), "a computed constant of a defined type equals nothing: convert it to the type, or compare a mask with 0")
			}
		}
		return true
	})
}

// computed reports whether e is a constant of a defined integer type, and an
// operator's result or one of a set of bits, which 1 << iota computes.
func (p *pass) computed(e ast.Expr) bool {
	tv := p.info.Types[e]
	named, ok := tv.Type.(*types.Named)
	if !ok || tv.Value == nil || tv.Value.Kind() != constant.Int || !p.own(named.Obj().Pkg()) {
		return false
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.Ident:
		return bits(named)
	case *ast.SelectorExpr:
		return bits(named) && p.info.Uses[e.Sel] != nil
	}
	return false
}

// bits reports whether the constants of a type are bits rather than a count: one
// is greater than their number.
func bits(named *types.Named) bool {
	scope := named.Obj().Pkg().Scope()
	n, most := int64(0), int64(0)
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if !ok || !types.Identical(c.Type(), named) {
			continue
		}
		n++
		if v, exact := constant.Int64Val(c.Val()); exact && v > most {
			most = v
		}
	}
	return most >= n && n > 1
}
