package lint

import (
	_ "embed"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

//go:embed data/imports.txt
var importList string

//go:embed data/newer.txt
var newerList string

var allowedImports, newerAPI = words(importList), words(newerList)

// words reads a list of one word a line with # comments.
func words(text string) map[string]bool {
	out := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out
}

// checkImport: the interpreter has the standard library only, without unsafe,
// and its slices, maps, cmp and embed are unusable. What is not on the list has
// not been tried.
func checkImport(p *pass) {
	for _, spec := range p.file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || allowedImports[path] || p.module.Contains(path) {
			continue
		}
		p.report(spec.Pos(), "import of "+path+": neither in the interpreted set nor on the list of standard packages in conformance/yaegi/lint/data/imports.txt")
	}
}

// checkAPI: yaegi's tables of standard symbols end with the API of Go 1.21.
func checkAPI(p *pass) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if obj := p.info.Uses[sel.Sel]; obj != nil && newerAPI[apiName(obj)] {
			p.report(sel.Pos(), apiName(obj)+" is newer than Go 1.21, whose API is all that the interpreter has")
		}
		return true
	})
}

// apiName names a standard object as data/newer.txt does: "strings.SplitSeq",
// "sync.Map.Clear". It is empty for anything but exported package members.
func apiName(obj types.Object) string {
	if obj.Pkg() == nil || !obj.Exported() {
		return ""
	}
	name := obj.Pkg().Path() + "."
	if f, ok := obj.(*types.Func); ok {
		if recv := f.Signature().Recv(); recv != nil {
			named := namedOf(recv.Type())
			if named == nil {
				return ""
			}
			name += named.Obj().Name() + "."
		}
	}
	return name + obj.Name()
}

// namedOf returns the named type behind at most one pointer, or nil.
func namedOf(t types.Type) *types.Named {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}
