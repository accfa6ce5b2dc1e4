// Package suite runs the tests of the interpreted packages under `yaegi test`
// and judges the outcome more strictly than yaegi does: a test that the
// interpreter silently left out counts as failed.
package suite

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

// Options says how to run the tests.
type Options struct {
	// Yaegi is the path of the interpreter's command.
	Yaegi string
	// GOPATH is where the tree of sources lies; see set.WriteTree.
	GOPATH string
	// Run selects tests by a regular expression; empty runs all of them.
	Run string
	// Timeout ends the tests of one package; at most zero means 10 minutes.
	Timeout time.Duration
	// Parallel is how many packages run at the same time; at least 1.
	Parallel int
	// Verbose prints the whole output of every package, not only of failures.
	Verbose bool
}

// Result is the outcome of one package.
type Result struct {
	// Package is its import path.
	Package string
	// Passed, Failed and Skipped count top-level tests. Failed includes tests
	// that stand in the files but never ran.
	Passed, Failed, Skipped int
	// Problem says why the package as a whole failed; empty if it did not.
	Problem string
	// Output is what the interpreter printed.
	Output string
	// Took is the wall time.
	Took time.Duration
}

// OK says whether the package passed.
func (r Result) OK() bool { return r.Problem == "" && r.Failed == 0 }

// Run tests the packages, prints a line for each and a closing line to w, and
// reports whether all of them passed.
func Run(ctx context.Context, w io.Writer, packages []set.Package, o Options) bool {
	results := make([]chan Result, len(packages))
	slots := make(chan struct{}, max(o.Parallel, 1))
	for i, p := range packages {
		results[i] = make(chan Result, 1)
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] <- one(ctx, p, o)
		}()
	}
	var total Result
	ok := true
	for _, ch := range results {
		r := <-ch
		total.Passed += r.Passed
		total.Failed += r.Failed
		total.Skipped += r.Skipped
		print(w, r, o.Verbose)
		if !r.OK() {
			ok = false
			if r.Failed == 0 {
				total.Failed++ // a package that failed as a whole
			}
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", total.Passed, total.Failed, total.Skipped)
	return ok
}

func print(w io.Writer, r Result, verbose bool) {
	verdict := "ok  "
	if !r.OK() {
		verdict = "FAIL"
	}
	if verbose || !r.OK() {
		fmt.Fprint(w, r.Output)
	}
	fmt.Fprintf(w, "%s\tyaegi %s\t%d passed, %d skipped\t%.1fs\n", verdict, r.Package, r.Passed, r.Skipped, r.Took.Seconds())
	if r.Problem != "" {
		fmt.Fprintf(w, "\t%s\n", r.Problem)
	}
}

// one tests one package.
func one(ctx context.Context, p set.Package, o Options) Result {
	r := Result{Package: p.ImportPath}
	expected, err := Tests(p)
	if err != nil {
		r.Problem = err.Error()
		return r
	}
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = 10 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	args := []string{"test", "-v"}
	if o.Run != "" {
		args = append(args, "-run", o.Run)
	}
	cmd := exec.CommandContext(ctx, o.Yaegi, append(args, p.ImportPath)...)
	gopath, err := filepath.Abs(o.GOPATH)
	if err != nil {
		r.Problem = err.Error()
		return r
	}
	cmd.Env = append(os.Environ(), "GOPATH="+gopath, "GO111MODULE=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	err = cmd.Run()
	r.Took, r.Output = time.Since(start), out.String()
	if ctx.Err() != nil {
		err = fmt.Errorf("stopped after %s: %w", timeout, ctx.Err())
	}
	r.judge(expected, o.Run != "", err)
	return r
}

// judge fills the counts from the output and compares them with the tests that
// the files declare. With selected only some of those were meant to run.
func (r *Result) judge(expected []string, selected bool, err error) {
	state := map[string]string{}
	for _, line := range strings.Split(r.Output, "\n") {
		rest, ok := strings.CutPrefix(line, "--- ")
		if !ok {
			continue
		}
		verdict, rest, ok := strings.Cut(rest, ": ")
		name, _, ok2 := strings.Cut(rest, " ")
		if ok && ok2 {
			state[name] = verdict
		}
	}
	var missing []string
	for _, name := range expected {
		switch state[name] {
		case "PASS":
			r.Passed++
		case "SKIP":
			r.Skipped++
		case "FAIL":
			r.Failed++
		default:
			missing = append(missing, name)
		}
	}
	switch {
	case err != nil && r.Failed == 0:
		r.Problem = "the interpreter failed: " + err.Error()
	case len(expected) == 0:
		r.Problem = "no test in this package"
	case len(missing) > 0 && !selected:
		r.Failed += len(missing)
		r.Problem = "declared but not run: " + strings.Join(missing, " ")
	}
}
