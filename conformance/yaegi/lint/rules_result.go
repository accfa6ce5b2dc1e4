package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// checkNamedResult: a named result starts with what it held after the previous
// call from the same place, not with zero; and a return that reorders named
// results overwrites the first before it reads it for the second.
func checkNamedResult(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch f := n.(type) {
		case *ast.FuncDecl:
			if f.Body != nil {
				p.checkResults(f.Type, f.Body)
			}
		case *ast.FuncLit:
			p.checkResults(f.Type, f.Body)
		}
		return true
	})
}

func (p *pass) checkResults(typ *ast.FuncType, body *ast.BlockStmt) {
	var results []types.Object
	unset := map[types.Object]bool{}
	if typ.Results != nil {
		for _, field := range typ.Results.List {
			for _, name := range field.Names {
				results = append(results, p.info.Defs[name])
				if name.Name != "_" {
					unset[p.info.Defs[name]] = true
				}
			}
		}
	}
	if len(unset) == 0 {
		return
	}
	p.checkReorder(body, results)
	for _, stmt := range body.List {
		if a, ok := stmt.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN && p.firstUse(a.Rhs, unset) == nil {
			var rest []ast.Expr
			for _, e := range a.Lhs {
				if id, ok := e.(*ast.Ident); ok {
					delete(unset, p.info.Uses[id])
				} else {
					rest = append(rest, e)
				}
			}
			if p.firstUse(rest, unset) == nil {
				continue
			}
		}
		if at := p.firstUse(stmt, unset); at != nil {
			p.report(at.Pos(), "named result used before it was assigned holds the value of the previous call: assign it in the function's own block first, or use a local variable")
			return
		}
	}
}

// firstUse finds the first mention of an unset result, or a bare return while
// there is one, in a statement or a list of expressions.
func (p *pass) firstUse(in any, unset map[types.Object]bool) (at ast.Node) {
	if len(unset) == 0 {
		return nil
	}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if at == nil && unset[p.info.Uses[n]] {
				at = n
			}
		case *ast.ReturnStmt:
			if at == nil && len(n.Results) == 0 {
				at = n
			}
		}
		return at == nil
	}
	switch in := in.(type) {
	case []ast.Expr:
		for _, e := range in {
			ast.Inspect(e, visit)
		}
	case ast.Stmt:
		outer := visit
		ast.Inspect(in, func(n ast.Node) bool {
			if lit, ok := n.(*ast.FuncLit); ok {
				// Its bare returns are its own.
				ast.Inspect(lit.Body, func(n ast.Node) bool {
					if _, ok := n.(*ast.ReturnStmt); ok {
						return at == nil
					}
					return n == nil || outer(n)
				})
				return false
			}
			return outer(n)
		})
	}
	return at
}

// checkReorder looks for a return whose later operand reads a named result that
// an earlier operand has overwritten.
func (p *pass) checkReorder(body *ast.BlockStmt, results []types.Object) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		ret, ok := n.(*ast.ReturnStmt)
		if !ok || len(ret.Results) != len(results) {
			return true
		}
		overwritten := map[types.Object]bool{}
		for i, e := range ret.Results {
			if p.firstUse([]ast.Expr{e}, overwritten) != nil {
				p.report(e.Pos(), "return reads a named result after an earlier operand has overwritten it: use local variables")
			}
			if id, ok := e.(*ast.Ident); !ok || p.info.Uses[id] != results[i] {
				overwritten[results[i]] = true
			}
		}
		return true
	})
}
