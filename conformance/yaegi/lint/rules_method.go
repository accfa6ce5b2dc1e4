package lint

import (
	"go/ast"
	"go/types"
)

// methods visits the file's method declarations with their receiver's type.
func (p *pass) methods(visit func(*ast.FuncDecl, *types.Named)) {
	for _, d := range p.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || len(f.Recv.List) != 1 {
			continue
		}
		if named := namedOf(p.info.Types[f.Recv.List[0].Type].Type); named != nil {
			visit(f, named)
		}
	}
}

// checkStringer: fmt prints garbage for a type with a String method, because it
// never sees the interpreted method set; %d of an integer type is the trap.
func checkStringer(p *pass) {
	p.methods(func(f *ast.FuncDecl, recv *types.Named) {
		if f.Name.Name == "String" && f.Type.Params.NumFields() == 0 && basicInfo(recv)&types.IsInteger != 0 {
			p.report(f.Pos(), "String method on an integer type is mishandled by fmt: call it Name")
		}
	})
}

// checkMarshaler: native encoders do not see methods of interpreted types.
func checkMarshaler(p *pass) {
	p.methods(func(f *ast.FuncDecl, _ *types.Named) {
		switch f.Name.Name {
		case "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "MarshalBinary", "UnmarshalBinary":
			p.report(f.Pos(), f.Name.Name+" is ignored by native encoders: convert to a plain struct first")
		}
	})
}

// checkMethodExpr: a method expression that is called panics.
func checkMethodExpr(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if s := p.info.Selections[sel]; s != nil && s.Kind() == types.MethodExpr {
				p.report(sel.Pos(), "method expression panics: write a function literal")
			}
		}
		return true
	})
}

// checkMethodValue: a method value does not copy its value receiver, so it sees
// later changes.
func checkMethodValue(p *pass) {
	called := map[ast.Expr]bool{}
	ast.Inspect(p.file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			called[ast.Unparen(call.Fun)] = true
		}
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || called[sel] {
			return true
		}
		s := p.info.Selections[sel]
		if s == nil || s.Kind() != types.MethodVal {
			return true
		}
		f, ok := s.Obj().(*types.Func)
		if !ok || !p.own(f.Pkg()) || types.IsInterface(s.Recv()) {
			return true
		}
		if _, ptr := f.Signature().Recv().Type().(*types.Pointer); !ptr {
			p.report(sel.Pos(), "method value does not copy its receiver: write a function literal over a copy")
		}
		return true
	})
}

// checkErrorsAs: errors.As with a type of our own panics or does not match.
func checkErrorsAs(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		f := p.callee(call)
		if f == nil || f.Pkg() == nil || f.Pkg().Path() != "errors" || f.Name() != "As" {
			return true
		}
		if ptr, ok := p.info.Types[call.Args[1]].Type.(*types.Pointer); ok {
			if named := namedOf(ptr.Elem()); named != nil && p.own(named.Obj().Pkg()) {
				p.report(call.Pos(), "errors.As with the own type "+named.Obj().Name()+" panics: use errors.Is with a sentinel")
			}
		}
		return true
	})
}

// checkJSONField: native JSON prints an interpreted struct's unexported fields,
// under invented names.
func checkJSONField(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f := p.callee(call)
		if f == nil || f.Pkg() == nil || f.Pkg().Path() != "encoding/json" {
			return true
		}
		for _, arg := range call.Args {
			if st := structOf(p.info.Types[arg].Type); st != nil && hasUnexported(st) {
				p.report(arg.Pos(), "encoding/json sees the unexported fields of interpreted structs: use a struct with exported fields only")
			}
		}
		return true
	})
}

// structOf returns the struct behind pointers, slices, arrays and maps, or nil.
func structOf(t types.Type) *types.Struct {
	for t != nil {
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		case *types.Struct:
			return u
		default:
			return nil
		}
	}
	return nil
}

func hasUnexported(st *types.Struct) bool {
	for i := 0; i < st.NumFields(); i++ {
		if !st.Field(i).Exported() {
			return true
		}
	}
	return false
}
