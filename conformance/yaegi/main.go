// Command yaegi keeps the interpreted packages fit for the yaegi interpreter
// that Traefik runs plugins with.
//
//	go run ./conformance/yaegi lint          reject constructs that yaegi breaks
//	go run ./conformance/yaegi test [flags]  run their tests under `yaegi test`
//	go run ./conformance/yaegi tree          only write the tree of sources
//
// Exit status: 0 all well, 1 findings or failed tests, 2 it could not run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/conformance/yaegi/lint"
	"github.com/glacis-waf/glacis/conformance/yaegi/set"
	"github.com/glacis-waf/glacis/conformance/yaegi/suite"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	flags := flag.NewFlagSet("yaegi lint|test|tree", flag.ContinueOnError)
	yaegi := flags.String("yaegi", "yaegi", "the interpreter's command (v0.16.1)")
	gopath := flags.String("gopath", "", "where the tree of sources goes (default MODULE/.cache/yaegi)")
	match := flags.String("run", "", "run only tests that match this regular expression")
	only := flags.String("package", "", "only packages whose import path contains this text")
	quiet := flags.Duration("quiet", 2*time.Minute, "time after which a test that prints nothing counts as hung")
	verbose := flags.Bool("v", false, "print the output of passing packages too")
	if len(args) == 0 {
		flags.Usage()
		return 2
	}
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	module, err := set.FindModule(".", "github.com/glacis-waf/glacis")
	if err != nil {
		return fail(err)
	}
	all, err := module.Packages()
	if err != nil {
		return fail(err)
	}
	if *gopath == "" {
		*gopath = filepath.Join(module.Dir, ".cache", "yaegi")
	}
	packages := all[:0:0]
	for _, p := range all {
		if strings.Contains(p.ImportPath, *only) {
			packages = append(packages, p)
		}
	}
	switch args[0] {
	case "lint":
		return runLint(module, packages)
	case "tree", "test":
		// The whole set, because packages import each other.
		if err := set.WriteTree(*gopath, all); err != nil {
			return fail(err)
		}
		if args[0] == "tree" {
			return 0
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		if !suite.Run(ctx, os.Stdout, packages, suite.Options{Yaegi: *yaegi, GOPATH: *gopath, Run: *match,
			Quiet: *quiet, Parallel: runtime.GOMAXPROCS(0), Verbose: *verbose}) {
			return 1
		}
		return 0
	}
	flags.Usage()
	return 2
}

func runLint(module set.Module, packages []set.Package) int {
	findings, err := lint.Packages(module, packages)
	if err != nil {
		return fail(err)
	}
	for _, f := range findings {
		if rel, err := filepath.Rel(module.Dir, f.Pos.Filename); err == nil {
			f.Pos.Filename = rel
		}
		fmt.Println(f.Text())
	}
	if len(findings) > 0 {
		fmt.Printf("%d findings in %d interpreted packages\n", len(findings), len(packages))
		return 1
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "yaegi:", err)
	return 2
}
