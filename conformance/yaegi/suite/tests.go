package suite

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// Tests lists the tests that the files of a package declare, sorted.
func Tests(p set.Package) ([]string, error) {
	fset := token.NewFileSet()
	var out []string
	for _, name := range p.Files {
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("list tests: %w", err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && isTest(f) {
				out = append(out, f.Name.Name)
			}
		}
	}
	sort.Strings(out)
	return out, nil
}

// isTest follows the rule of package testing: TestXxx(*testing.T), Xxx not
// beginning with a lower-case letter.
func isTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	if !ok || f.Recv != nil || len(f.Type.Params.List) != 1 {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLower(r) {
		return false
	}
	ptr, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := ptr.X.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "T"
}
