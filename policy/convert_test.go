package policy

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/internal/golden"
)

var day = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func lines(in []Problem) string {
	var b strings.Builder
	for _, p := range in {
		b.WriteString("# " + filepath.ToSlash(p.String()) + "\n")
	}
	return b.String()
}

// TestConvert converts testdata/openappsec; the golden files hold what was not
// taken over and the native document.
func TestConvert(t *testing.T) {
	files, err := filepath.Glob("testdata/openappsec/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc, notes, err := Convert(file)
			out := strings.TrimSuffix(file, ".yaml") + ".golden"
			if err != nil {
				golden.Equal(t, out, err.Error()+"\n")
				return
			}
			text, err := Write(doc)
			if err != nil {
				t.Fatal(err)
			}
			golden.Equal(t, out, lines(notes)+string(text))
			native, err := Parse("native.yaml", text, day)
			if err != nil {
				t.Fatalf("the native form is invalid: %v", err)
			}
			direct, err := Load(file, day)
			if err != nil {
				t.Fatalf("not read unchanged: %v", err)
			}
			if native.Policy.Version() != direct.Policy.Version() {
				t.Errorf("converted %s, read unchanged %s", native.Policy.Version(), direct.Policy.Version())
			}
			if len(direct.Warnings) < len(notes) {
				t.Errorf("%d warnings, %d notes", len(direct.Warnings), len(notes))
			}
		})
	}
}
