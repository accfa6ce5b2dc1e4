package lint

import (
	"go/ast"
	"go/build/constraint"
	"go/token"
	"go/types"
)

// maxElements is the longest composite literal: an element costs the
// interpreter some 23 µs and 760 bytes at load.
const maxElements = 256

// checkBuildTag: yaegi ignores //go:build, so a file excluded natively would be
// interpreted all the same.
func checkBuildTag(p *pass) {
	for _, group := range p.file.Comments {
		for _, c := range group.List {
			if c.Pos() < p.file.Package && (constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text)) {
				p.report(c.Pos(), "build constraints are ignored by the interpreter: choose by package or by a _native_test.go file")
			}
		}
	}
}

// checkBody: a function without a body is assembly.
func checkBody(p *pass) {
	for _, d := range p.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			p.report(f.Pos(), "function without a body: the interpreter has no assembly and no linkname")
		}
	}
}

// checkGeneric: generic functions and types with one type parameter work, those
// with more do not.
func checkGeneric(p *pass) {
	check := func(list *ast.FieldList) {
		if list != nil && list.NumFields() >= 2 {
			p.report(list.Pos(), "two or more type parameters do not load: use one, or none")
		}
	}
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			check(n.TypeParams)
		case *ast.TypeSpec:
			check(n.TypeParams)
		}
		return true
	})
}

// checkAtomic: a struct field of an atomic type does not load; a package-level
// variable of one does.
func checkAtomic(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		st, ok := n.(*ast.StructType)
		if !ok {
			return true
		}
		for _, field := range st.Fields.List {
			t := p.info.Types[field.Type].Type
			for {
				arr, ok := t.(*types.Array)
				if !ok {
					break
				}
				t = arr.Elem()
			}
			if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync/atomic" {
				p.report(field.Pos(), "atomic type as a struct field does not load: use a plain field and atomic.AddInt64(&x.f, …)")
			}
		}
		return true
	})
}

// checkLiteral: long literals make loading slow and heavy.
func checkLiteral(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && len(lit.Elts) > maxElements {
			p.report(lit.Pos(), "composite literal of more than 256 elements loads slowly: use a string constant, or a file in testdata")
		}
		return true
	})
}

// checkPackageVar: the interpreter initialises package variables in the order
// of the text, file by file, without looking at what they depend on.
func checkPackageVar(p *pass) {
	for _, d := range p.file.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			for _, value := range spec.(*ast.ValueSpec).Values {
				p.checkInitializer(value)
			}
		}
	}
}

func (p *pass) checkInitializer(value ast.Expr) {
	ast.Inspect(value, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // runs later, unless called at once: see below
		case *ast.Ident:
			if v, ok := p.info.Uses[n].(*types.Var); ok && !v.IsField() && p.own(v.Pkg()) {
				p.report(n.Pos(), "package variable that depends on the variable "+n.Name+": dependencies are not ordered, assign it in func init")
			}
		case *ast.CallExpr:
			if _, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
				p.report(n.Pos(), "package variable initialised by a function literal: assign it in func init")
			} else if f := p.callee(n); f != nil && p.own(f.Pkg()) {
				p.report(n.Pos(), "package variable initialised by a call of "+f.Name()+": assign it in func init")
			}
		}
		return true
	})
}

// checkFuzz: the interpreter has no fuzzing; a fuzz target's file must carry the
// suffix that keeps it out.
func checkFuzz(p *pass) {
	for _, d := range p.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, param := range f.Type.Params.List {
			if named := namedOf(p.info.Types[param.Type].Type); named != nil && named.Obj().Name() == "F" &&
				named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "testing" {
				p.report(f.Pos(), "fuzz target outside a _fuzz_test.go file")
			}
		}
	}
}
