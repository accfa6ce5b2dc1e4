package gen

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"
)

//go:embed grammars
var grammarFiles embed.FS

type grammars struct{ groups []*group }

// library parses the embedded grammars once. A mistake in them is a mistake in
// the program, which the tests would have seen, hence the panic.
var library = sync.OnceValue(func() *grammars {
	l, err := load(grammarFiles, "grammars")
	if err != nil {
		panic(err)
	}
	return l
})

// load reads dir/common.gram and then every file in dir/attack and dir/benign.
func load(fsys fs.FS, dir string) (*grammars, error) {
	text, err := fs.ReadFile(fsys, path.Join(dir, "common.gram"))
	if err != nil {
		return nil, fmt.Errorf("load grammars: %w", err)
	}
	common, err := parseFile("common.gram", string(text), nil, false)
	if err != nil {
		return nil, err
	}
	l := &grammars{}
	names := map[string]bool{}
	var errs []error
	for _, kind := range []string{"attack", "benign"} {
		entries, err := fs.ReadDir(fsys, path.Join(dir, kind))
		if err != nil {
			return nil, fmt.Errorf("load grammars: %w", err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".gram") {
				continue
			}
			text, err := fs.ReadFile(fsys, path.Join(dir, kind, e.Name()))
			if err != nil {
				return nil, fmt.Errorf("load grammars: %w", err)
			}
			f, err := parseFile(path.Join(kind, e.Name()), string(text), common.rules, kind == "benign")
			if err != nil {
				errs = append(errs, err)
				continue
			}
			for _, g := range f.groups {
				if names[g.name] {
					errs = append(errs, fmt.Errorf("grammar %s: group %q declared twice", e.Name(), g.name))
				}
				names[g.name] = true
			}
			l.groups = append(l.groups, f.groups...)
		}
	}
	sort.Slice(l.groups, func(i, j int) bool { return l.groups[i].name < l.groups[j].name })
	return l, errors.Join(errs...)
}
