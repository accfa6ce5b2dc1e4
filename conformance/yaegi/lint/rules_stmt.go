package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// checkBuiltin: the built-in functions of Go 1.21 are undefined.
func checkBuiltin(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if b, ok := p.info.Uses[id].(*types.Builtin); ok {
			switch b.Name() {
			case "min", "max", "clear":
				p.report(id.Pos(), "the built-in "+b.Name()+" is undefined: write the comparison or the loop")
			}
		}
		return true
	})
}

// checkLabel: a label inside a case clause is undefined for its own break.
func checkLabel(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				p.report(n.Pos(), "goto: write a loop")
			}
		case *ast.CaseClause:
			p.labelsIn(n.Body)
		case *ast.CommClause:
			p.labelsIn(n.Body)
		}
		return true
	})
}

func (p *pass) labelsIn(body []ast.Stmt) {
	for _, stmt := range body {
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit, *ast.CaseClause, *ast.CommClause:
				return false // the clause inside is visited on its own
			case *ast.LabeledStmt:
				p.report(n.Pos(), "label inside a case clause is undefined: move the loop into a function")
			}
			return true
		})
	}
}

// checkReturnReceive: returning a received value panics.
func checkReturnReceive(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		ret, ok := n.(*ast.ReturnStmt)
		if !ok {
			return true
		}
		for _, e := range ret.Results {
			if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
				p.report(u.Pos(), "return of a receive panics: receive into a variable first")
			}
		}
		return true
	})
}

// checkReturnBuiltin: a built-in function that is an operand of a return, not the
// first, writes its result into the first (return 1, len(list) gives 1, 1) or
// panics. Inside of an expression it is right.
func checkReturnBuiltin(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		ret, ok := n.(*ast.ReturnStmt)
		if !ok {
			return true
		}
		for i, e := range ret.Results {
			call, ok := ast.Unparen(e).(*ast.CallExpr)
			if !ok || i == 0 || p.info.Types[call].Value != nil {
				continue
			}
			if id, ok := call.Fun.(*ast.Ident); ok {
				if b, ok := p.info.Uses[id].(*types.Builtin); ok {
					p.report(call.Pos(), "return of "+b.Name()+" behind another operand overwrites that: put it into a variable first")
				}
			}
		}
		return true
	})
}

// checkSelectSend: a select case that sends anything but a variable or a
// constant may send a wrong value.
func checkSelectSend(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		clause, ok := n.(*ast.CommClause)
		if !ok {
			return true
		}
		send, ok := clause.Comm.(*ast.SendStmt)
		if !ok {
			return true
		}
		if _, ok := send.Value.(*ast.Ident); !ok && p.info.Types[send.Value].Value == nil {
			p.report(send.Value.Pos(), "select sends a wrong value unless it is a variable: assign it first")
		}
		return true
	})
}

// checkTypeSwitch: case error does not match errors made by errors.New.
func checkTypeSwitch(p *pass) {
	errorType := types.Universe.Lookup("error").Type()
	ast.Inspect(p.file, func(n ast.Node) bool {
		sw, ok := n.(*ast.TypeSwitchStmt)
		if !ok {
			return true
		}
		for _, stmt := range sw.Body.List {
			for _, e := range stmt.(*ast.CaseClause).List {
				if t := p.info.Types[e].Type; t != nil && types.Identical(t, errorType) {
					p.report(e.Pos(), "case error does not match native errors: assert x.(error) instead")
				}
			}
		}
		return true
	})
}

// checkSwitchList: of several expressions in one case of a switch without a tag
// only some are looked at.
func checkSwitchList(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		sw, ok := n.(*ast.SwitchStmt)
		if !ok || sw.Tag != nil {
			return true
		}
		for _, stmt := range sw.Body.List {
			if list := stmt.(*ast.CaseClause).List; len(list) > 1 {
				p.report(list[1].Pos(), "list of conditions in a switch without a tag is not wholly evaluated: join them with ||")
			}
		}
		return true
	})
}
