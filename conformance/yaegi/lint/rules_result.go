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
	if typ.Results != nil {
		for _, field := range typ.Results.List {
			for _, name := range field.Names {
				results = append(results, p.info.Defs[name])
			}
		}
	}
	if len(results) == 0 {
		return
	}
	p.checkReorder(body, results)
	f := flow{pass: p, bit: map[types.Object]uint64{}}
	unset := uint64(0)
	for i, r := range results {
		if r.Name() != "_" && i < 64 {
			f.bit[r] = 1 << i
			unset |= 1 << i
		}
	}
	f.block(body.List, unset)
	if f.found != token.NoPos {
		p.report(f.found, "named result may be used before it was assigned, when it holds the value of the previous call: assign it first, or use a local variable")
	}
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
		f := flow{pass: p, bit: map[types.Object]uint64{}}
		overwritten := uint64(0)
		for i, e := range ret.Results {
			if i >= 64 {
				break
			}
			f.reads(e, overwritten)
			f.bit[results[i]] = 1 << i
			if id, ok := e.(*ast.Ident); !ok || p.info.Uses[id] != results[i] {
				overwritten |= 1 << i
			}
		}
		if f.found != token.NoPos {
			p.report(f.found, "return reads a named result after an earlier operand has overwritten it: use local variables")
		}
		return true
	})
}
