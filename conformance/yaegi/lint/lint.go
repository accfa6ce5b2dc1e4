// Package lint rejects Go constructs that yaegi v0.16.1 does not load or, worse,
// loads and silently runs wrongly. It reads every file of the interpreted set.
//
// Each rule stands for a failure that was seen by running the construct both
// natively and interpreted; testdata/<rule> holds a file that breaks the rule
// and one that does the same work in a way the interpreter understands.
package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// Finding is one construct that must not be in an interpreted file.
type Finding struct {
	// Pos is where it stands.
	Pos token.Position
	// Rule is the name of the rule it breaks.
	Rule string
	// Message says what goes wrong and what to write instead.
	Message string
}

// Text returns the finding in the form that editors understand.
func (f Finding) Text() string {
	return fmt.Sprintf("%s: %s (%s)", f.Pos, f.Message, f.Rule)
}

// pass is one file under inspection.
type pass struct {
	module set.Module
	fset   *token.FileSet
	name   string
	file   *ast.File
	pkg    *types.Package
	info   *types.Info
	rule   string
	out    *[]Finding
}

func (p *pass) report(at token.Pos, message string) {
	*p.out = append(*p.out, Finding{Pos: p.fset.Position(at), Rule: p.rule, Message: message})
}

// own says whether a package belongs to the module, and so is interpreted
// rather than native code that the interpreter calls.
func (p *pass) own(pkg *types.Package) bool {
	return pkg != nil && (pkg == p.pkg || p.module.Contains(pkg.Path()))
}

// rule is one check of a whole file.
type rule struct {
	name  string
	check func(*pass)
}

// Rules returns the names of all rules, sorted.
func Rules() []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.name)
	}
	sort.Strings(out)
	return out
}

var rules = []rule{
	{"api", checkAPI},
	{"arraypointer", checkArrayPointer},
	{"atomic", checkAtomic},
	{"bareloop", checkBareLoop},
	{"body", checkBody},
	{"builtin", checkBuiltin},
	{"buildtag", checkBuildTag},
	{"closure", checkClosure},
	{"constcompare", checkConstCompare},
	{"errorsas", checkErrorsAs},
	{"fuzz", checkFuzz},
	{"generic", checkGeneric},
	{"import", checkImport},
	{"jsonfield", checkJSONField},
	{"label", checkLabel},
	{"literal", checkLiteral},
	{"marshaler", checkMarshaler},
	{"methodexpr", checkMethodExpr},
	{"methodvalue", checkMethodValue},
	{"multiassign", checkMultiAssign},
	{"namedresult", checkNamedResult},
	{"packagevar", checkPackageVar},
	{"rangefunc", checkRangeFunc},
	{"rangeint", checkRangeInt},
	{"rangestring", checkRangeString},
	{"returnbuiltin", checkReturnBuiltin},
	{"returnreceive", checkReturnReceive},
	{"selectsend", checkSelectSend},
	{"stringer", checkStringer},
	{"switchlist", checkSwitchList},
	{"typeswitch", checkTypeSwitch},
}

// Packages lints the given packages of m. The findings come in the order of
// file and line. An error means that a package could not be read or does not
// compile, in which case nothing can be said about it.
func Packages(m set.Module, packages []set.Package) ([]Finding, error) {
	l := newLoader(m)
	var out []Finding
	for _, p := range packages {
		units, err := l.units(p)
		if err != nil {
			return nil, fmt.Errorf("lint %s: %w", p.ImportPath, err)
		}
		for _, u := range units {
			for i, file := range u.files {
				for _, r := range rules {
					r.check(&pass{module: m, fset: l.fset, name: u.names[i], file: file,
						pkg: u.pkg, info: u.info, rule: r.name, out: &out})
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Pos, out[j].Pos
		if a.Filename != b.Filename {
			return a.Filename < b.Filename
		}
		return a.Line < b.Line
	})
	return out, nil
}
