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
	// Quiet is how long the interpreter may print nothing before the running
	// test counts as hung; at most zero means 2 minutes.
	Quiet time.Duration
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

// one tests one package. A test that panics or hangs takes the interpreter with
// it, so the tests that had not run by then are run again without it.
func one(ctx context.Context, p set.Package, o Options) Result {
	r := Result{Package: p.ImportPath}
	expected, err := Tests(p)
	if err != nil {
		r.Problem = err.Error()
		return r
	}
	start := time.Now()
	state := map[string]string{}
	match := o.Run
	for {
		before := len(state)
		out, err := o.interpret(ctx, p.ImportPath, match)
		r.Output += out
		if culprit := readOutput(out, state); culprit != "" && err != nil {
			state[culprit] = "FAIL"
			r.Output += fmt.Sprintf("--- FAIL: %s ended the interpreter: %v\n", culprit, err)
		}
		left := unfinished(expected, state)
		if err == nil || len(left) == 0 || len(state) == before || o.Run != "" || ctx.Err() != nil {
			r.judge(expected, state, o.Run != "", err)
			break
		}
		match = "^(" + strings.Join(left, "|") + ")$"
	}
	r.Took = time.Since(start)
	return r
}

// interpret runs `yaegi test` once and returns what it printed.
func (o Options) interpret(ctx context.Context, importPath, match string) (string, error) {
	quiet := o.Quiet
	if quiet <= 0 {
		quiet = 2 * time.Minute
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	args := []string{"test", "-v", "-short"}
	if match != "" {
		args = append(args, "-run", match)
	}
	gopath, err := filepath.Abs(o.GOPATH)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, o.Yaegi, append(args, importPath)...)
	cmd.Env = append(os.Environ(), "GOPATH="+gopath, "GO111MODULE=off")
	w := &watch{limit: quiet, timer: time.AfterFunc(quiet, func() {
		cancel(fmt.Errorf("nothing happened for %s", quiet))
	})}
	defer w.timer.Stop()
	cmd.Stdout, cmd.Stderr = w, w
	err = cmd.Run()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return w.String(), err
}

// watch collects output and puts off its timer with every write.
type watch struct {
	bytes.Buffer
	limit time.Duration
	timer *time.Timer
}

// Write implements io.Writer. One goroutine calls it, because both outputs of
// the command are the same writer.
func (w *watch) Write(b []byte) (int, error) {
	w.timer.Reset(w.limit)
	return w.Buffer.Write(b)
}

// readOutput adds the verdicts of top-level tests to state, and returns the test
// that had begun and not ended when the output stopped.
func readOutput(out string, state map[string]string) (running string) {
	for _, line := range strings.Split(out, "\n") {
		if name, ok := strings.CutPrefix(line, "=== RUN   "); ok && !strings.Contains(name, "/") {
			running = name
			continue
		}
		rest, ok := strings.CutPrefix(line, "--- ")
		if !ok {
			continue
		}
		verdict, rest, ok := strings.Cut(rest, ": ")
		name, _, ok2 := strings.Cut(rest, " ")
		if ok && ok2 {
			state[name] = verdict
			// A test that panics is reported as failed and ends the rest.
			running = ""
		}
	}
	return running
}

func unfinished(expected []string, state map[string]string) []string {
	var out []string
	for _, name := range expected {
		if state[name] == "" {
			out = append(out, name)
		}
	}
	return out
}

// judge counts the verdicts of the tests that the files declare. With selected
// only some of those were meant to run.
func (r *Result) judge(expected []string, state map[string]string, selected bool, err error) {
	for _, name := range expected {
		switch state[name] {
		case "PASS":
			r.Passed++
		case "SKIP":
			r.Skipped++
		case "FAIL":
			r.Failed++
		}
	}
	missing := unfinished(expected, state)
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
