package policy

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	core "github.com/glacis-waf/glacis/core/policy"
)

// TestEveryFaultHasAKey reads the faults of the wrappers from their sources: each
// that they count is a key of failMode, and each key is a fault of some wrapper.
func TestEveryFaultHasAKey(t *testing.T) {
	constant := regexp.MustCompile(`(?m)^\s*(?:const )?(?:[fF]ault|cause)[A-Z]\w* *= "(\w+)"`)
	keys, found := strings.Fields(core.Faults), map[string]string{}
	for _, dir := range []string{"../plugins/kong", "../plugins/traefik", "../sidecar/api/inspection", "../cmd/glacis/internal/proxy", "../wasm/internal/guest"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		before := len(found)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range constant.FindAllStringSubmatch(string(text), -1) {
				found[m[1]+" of "+dir] = m[1]
			}
		}
		if len(found) == before {
			t.Errorf("no faults in %s: has the way they are written changed?", dir)
		}
	}
	seen := map[string]bool{}
	for where, name := range found {
		seen[name] = true
		if !slices.Contains(keys, name) {
			t.Errorf("%s has no key in failMode", where)
		}
	}
	for _, key := range keys {
		if !seen[key] {
			t.Errorf("failMode.%s: no wrapper has this fault", key)
		}
	}
}
