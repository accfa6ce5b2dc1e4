package lint

import (
	"go/ast"
	"go/types"
)

// eachRange visits the range statements whose operand has a known type.
func (p *pass) eachRange(visit func(*ast.RangeStmt, types.TypeAndValue)) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		if r, ok := n.(*ast.RangeStmt); ok {
			if tv, ok := p.info.Types[r.X]; ok && tv.Type != nil {
				visit(r, tv)
			}
		}
		return true
	})
}

func basicInfo(t types.Type) types.BasicInfo {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()
	}
	return 0
}

// checkRangeInt: range over an integer does not load.
func checkRangeInt(p *pass) {
	p.eachRange(func(r *ast.RangeStmt, tv types.TypeAndValue) {
		if basicInfo(tv.Type)&types.IsInteger != 0 {
			p.report(r.X.Pos(), "range over an integer does not load: write a three-part for")
		}
	})
}

// checkRangeFunc: range over a function does not load.
func checkRangeFunc(p *pass) {
	p.eachRange(func(r *ast.RangeStmt, tv types.TypeAndValue) {
		if _, ok := tv.Type.Underlying().(*types.Signature); ok {
			p.report(r.X.Pos(), "range over a function does not load: call it, or return a slice")
		}
	})
}

// checkRangeString: after a byte that is not UTF-8 the interpreter's indexes are
// wrong, and what a firewall reads is not UTF-8 by contract. Constants are known
// to be valid.
func checkRangeString(p *pass) {
	p.eachRange(func(r *ast.RangeStmt, tv types.TypeAndValue) {
		if basicInfo(tv.Type)&types.IsString != 0 && tv.Value == nil {
			p.report(r.X.Pos(), "range over a string gives wrong indexes after an invalid byte: index bytes, or use utf8.DecodeRuneInString")
		}
	})
}

// checkBareLoop: a for with nothing but an init statement starts every round
// with the variable's first value, and most such loops never end.
func checkBareLoop(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		if f, ok := n.(*ast.ForStmt); ok && f.Init != nil && f.Cond == nil && f.Post == nil {
			p.report(f.Pos(), "for with an init statement only starts every round with its first value: declare the variable before the loop")
		}
		return true
	})
}

// checkArrayPointer: range over a pointer to an array panics.
func checkArrayPointer(p *pass) {
	p.eachRange(func(r *ast.RangeStmt, tv types.TypeAndValue) {
		ptr, ok := tv.Type.Underlying().(*types.Pointer)
		if !ok {
			return
		}
		if _, ok := ptr.Elem().Underlying().(*types.Array); ok {
			p.report(r.X.Pos(), "range over a pointer to an array panics: range over a slice of it")
		}
	})
}

// checkClosure: the interpreter has one loop variable for all rounds, so a
// closure that outlives its round sees the last value. Calls that run their
// argument before they return are safe, and named here.
func checkClosure(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		vars, body := p.loopVars(n)
		if len(vars) == 0 {
			return true
		}
		synchronous := p.synchronous(body)
		ast.Inspect(body, func(n ast.Node) bool {
			lit, ok := n.(*ast.FuncLit)
			if !ok || synchronous[lit] {
				return true
			}
			ast.Inspect(lit.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && vars[p.info.Uses[id]] {
					p.report(id.Pos(), "closure over the loop variable "+id.Name+" sees its last value: pass it as an argument")
				}
				return true
			})
			return false
		})
		return true
	})
}

// loopVars returns the variables that a loop declares, and its body.
func (p *pass) loopVars(n ast.Node) (map[types.Object]bool, *ast.BlockStmt) {
	var names []ast.Expr
	var body *ast.BlockStmt
	switch loop := n.(type) {
	case *ast.RangeStmt:
		names, body = []ast.Expr{loop.Key, loop.Value}, loop.Body
	case *ast.ForStmt:
		if init, ok := loop.Init.(*ast.AssignStmt); ok {
			names = init.Lhs
		}
		body = loop.Body
	}
	vars := map[types.Object]bool{}
	for _, e := range names {
		if id, ok := e.(*ast.Ident); ok && p.info.Defs[id] != nil {
			vars[p.info.Defs[id]] = true
		}
	}
	return vars, body
}

// synchronous finds the function literals that are handed to a call that does
// not keep them: t.Run and b.Run without Parallel, and the functions of sort,
// strings and bytes.
func (p *pass) synchronous(body *ast.BlockStmt) map[*ast.FuncLit]bool {
	out := map[*ast.FuncLit]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f := p.callee(call)
		if f == nil || f.Pkg() == nil {
			return true
		}
		switch f.Pkg().Path() {
		case "sort", "strings", "bytes":
		case "testing":
			if f.Name() != "Run" {
				return true
			}
		default:
			return true
		}
		for _, arg := range call.Args {
			if lit, ok := arg.(*ast.FuncLit); ok && !p.callsParallel(lit) {
				out[lit] = true
			}
		}
		return true
	})
	return out
}

func (p *pass) callsParallel(lit *ast.FuncLit) bool {
	found := false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f := p.callee(call); f != nil && f.Name() == "Parallel" {
				found = true
			}
		}
		return !found
	})
	return found
}

// callee returns the function or method that a call names, or nil.
func (p *pass) callee(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	f, _ := p.info.Uses[id].(*types.Func)
	return f
}
