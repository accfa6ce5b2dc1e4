package suite

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/yaegi/set"
)

const (
	code = "package a\n\nfunc Twice(n int) int { return 2 * n }\n"
	good = `package a

import "testing"

func TestTwice(t *testing.T) {
	if Twice(2) != 4 {
		t.Error("wrong")
	}
}

func TestSkipped(t *testing.T) { t.Skip("reason") }

func Testlower(t *testing.T) {}

func BenchmarkTwice(b *testing.B) {}
`
	hangs = `package a

import "testing"

func TestHangs(t *testing.T) {
	for {
	}
}

func TestTwice(t *testing.T) {
	if Twice(2) != 4 {
		t.Error("wrong")
	}
}
`
	bad = `package a

import "testing"

func TestWrong(t *testing.T) { t.Error("wrong") }
`
)

func pkg(t *testing.T, files map[string]string) set.Package {
	t.Helper()
	p := set.Package{ImportPath: "example.test/a", Dir: t.TempDir()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(p.Dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		p.Files = append(p.Files, name)
	}
	return p
}

func TestTests(t *testing.T) {
	got, err := Tests(pkg(t, map[string]string{"a.go": code, "a_test.go": good}))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"TestSkipped", "TestTwice"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJudge(t *testing.T) {
	failed := errors.New("exit status 1")
	cases := []struct {
		name, output string
		expected     []string
		selected     bool
		err          error
		want         Result
	}{
		{name: "all pass", output: "--- PASS: TestA (0.00s)\n    --- PASS: TestA/x (0.00s)\n--- SKIP: TestB (0.00s)\nPASS\n",
			expected: []string{"TestA", "TestB"}, want: Result{Passed: 1, Skipped: 1}},
		{name: "one fails", output: "--- FAIL: TestA (0.00s)\n", expected: []string{"TestA"}, err: failed, want: Result{Failed: 1}},
		{name: "does not load", output: "a.go:1:1: undefined: min\n", expected: []string{"TestA"}, err: failed,
			want: Result{Problem: "the interpreter failed: exit status 1"}},
		{name: "left out", output: "--- PASS: TestA (0.00s)\n", expected: []string{"TestA", "TestB"},
			want: Result{Passed: 1, Failed: 1, Problem: "declared but not run: TestB"}},
		{name: "left out on purpose", output: "--- PASS: TestA (0.00s)\n", expected: []string{"TestA", "TestB"}, selected: true,
			want: Result{Passed: 1}},
		{name: "no tests", output: "testing: warning: no tests to run\n", want: Result{Problem: "no test in this package"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Result{Output: c.output}
			state := map[string]string{}
			readOutput(c.output, state)
			got.judge(c.expected, state, c.selected, c.err)
			c.want.Output = c.output
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestRun needs the interpreter, which `make test` installs.
func TestRun(t *testing.T) {
	yaegi := os.Getenv("YAEGI")
	if yaegi == "" {
		yaegi, _ = exec.LookPath("yaegi")
	}
	if yaegi == "" {
		t.Skip("no yaegi: set YAEGI to the command, or run `make test`")
	}
	for _, c := range []struct {
		name, tests string
		want        bool
		output      string
	}{
		{"pass", good, true, "1 passed, 0 failed, 1 skipped"},
		{"hang", hangs, false, "1 passed, 1 failed, 0 skipped"},
		{"panic", strings.Replace(hangs, "for {\n\t}", "panic(1)", 1), false, "1 passed, 1 failed, 0 skipped"},
		{"fail", bad, false, "0 passed, 1 failed, 0 skipped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := pkg(t, map[string]string{"a.go": code, "a_test.go": c.tests})
			gopath := t.TempDir()
			if err := set.WriteTree(gopath, []set.Package{p}); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			got := Run(context.Background(), &out, []set.Package{p}, Options{Yaegi: yaegi, GOPATH: gopath, Quiet: 3 * time.Second})
			if got != c.want || !strings.Contains(out.String(), c.output) {
				t.Errorf("Run = %v, want %v, with %q in:\n%s", got, c.want, c.output, out.String())
			}
		})
	}
}
