package lint

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"sync"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// unit is a set of files that are type-checked together: a package with its
// internal tests, or an external test package.
type unit struct {
	files []*ast.File
	names []string
	pkg   *types.Package
	info  *types.Info
}

// loader parses and type-checks packages. The standard library is read from
// source, so that no compiled export data is needed.
type loader struct {
	module set.Module
	fset   *token.FileSet
	std    *standard
	done   map[string]*types.Package
}

func newLoader(m set.Module) *loader {
	std := sharedStandard()
	return &loader{module: m, fset: std.fset, std: std, done: map[string]*types.Package{}}
}

// standard reads the standard library, which takes seconds, once for all loaders
// of a process. It is safe for concurrent use.
type standard struct {
	fset *token.FileSet
	mu   sync.Mutex
	from types.ImporterFrom
}

var sharedStandard = sync.OnceValue(func() *standard {
	// cgo variants of the standard library would need a C compiler here.
	build.Default.CgoEnabled = false
	fset := token.NewFileSet()
	return &standard{fset: fset, from: importer.ForCompiler(fset, "source", nil).(types.ImporterFrom)}
})

func (s *standard) ImportFrom(path, dir string, mode types.ImportMode) (*types.Package, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.from.ImportFrom(path, dir, mode)
}

// units parses the files of a package and type-checks them.
func (l *loader) units(p set.Package) ([]*unit, error) {
	inner, outer := &unit{}, &unit{}
	for _, name := range p.Files {
		file, err := parser.ParseFile(l.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		u := inner
		if strings.HasSuffix(name, "_test.go") && strings.HasSuffix(file.Name.Name, "_test") {
			u = outer
		}
		u.files, u.names = append(u.files, file), append(u.names, name)
	}
	var out []*unit
	for _, u := range []*unit{inner, outer} {
		if len(u.files) == 0 {
			continue
		}
		path := p.ImportPath
		if u == outer {
			path += "_test"
		}
		if err := l.check(u, path); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

func (l *loader) check(u *unit, path string) error {
	u.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: l}
	pkg, err := conf.Check(path, l.fset, u.files, u.info)
	u.pkg = pkg
	return err
}

// Import implements types.Importer.
func (l *loader) Import(path string) (*types.Package, error) {
	return l.ImportFrom(path, l.module.Dir, 0)
}

// ImportFrom implements types.ImporterFrom: packages of the module are read
// from its directory, without tests; anything else is the standard library.
func (l *loader) ImportFrom(path, dir string, mode types.ImportMode) (*types.Package, error) {
	rel, ours := strings.CutPrefix(path, l.module.Path+"/")
	if !ours {
		return l.std.ImportFrom(path, dir, mode)
	}
	if pkg := l.done[path]; pkg != nil {
		return pkg, nil
	}
	// go/build applies build constraints, so that a package with native
	// variants that is imported from outside the set still compiles.
	found, err := build.Default.ImportDir(filepath.Join(l.module.Dir, filepath.FromSlash(rel)), 0)
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", path, err)
	}
	u := &unit{}
	for _, name := range found.GoFiles {
		file, err := parser.ParseFile(l.fset, filepath.Join(found.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("import %s: %w", path, err)
		}
		u.files = append(u.files, file)
	}
	if err := l.check(u, path); err != nil {
		return nil, fmt.Errorf("import %s: %w", path, err)
	}
	l.done[path] = u.pkg
	return u.pkg, nil
}
