// Package golden compares what a test made with a file that is kept beside the
// test, and writes that file if the test is run with -update.
package golden

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files in place of comparing with them; read the difference")

// Equal reports an error where text and file differ, with the first line in
// which they do. With -update it writes the file. A file that cannot be read or
// written ends the test.
func Equal(t testing.TB, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if n, got, kept := difference(text, string(want)); n > 0 {
		t.Errorf("%s:%d differs (-update accepts)\ngot  %s\nkept %s", file, n, got, kept)
	}
}

// difference returns the number of the first line that is not the same, from 1,
// and the line in both texts; 0 if there is none. A text without it has "(end)".
func difference(got, want string) (n int, gotLine, wantLine string) {
	if got == want {
		return 0, "", ""
	}
	a, b := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	for a[n] == b[n] {
		n++
	}
	return n + 1, shown(a[n]), shown(b[n])
}

// shown makes the end of a text, and of a line that has no line feed, visible.
func shown(line string) string {
	if line == "" {
		return "(end)"
	}
	if text, whole := strings.CutSuffix(line, "\n"); whole {
		return text
	}
	return line + " (no line feed)"
}
