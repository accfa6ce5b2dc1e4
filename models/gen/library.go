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

// load reads dir/common*.gram and then every file in dir/attack and dir/benign.
func load(fsys fs.FS, dir string) (*grammars, error) {
	shared, err := topics(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("load grammars: %w", err)
	}
	if len(shared) != 1 {
		return nil, fmt.Errorf("load grammars: %d topics beside the directories, want common.gram", len(shared))
	}
	common, err := parseFile(shared[0], nil, false)
	if err != nil {
		return nil, err
	}
	l := &grammars{}
	names := map[string]bool{}
	var errs []error
	for _, kind := range []string{"attack", "benign"} {
		topics, err := topics(fsys, path.Join(dir, kind))
		if err != nil {
			return nil, fmt.Errorf("load grammars: %w", err)
		}
		for _, parts := range topics {
			f, err := parseFile(parts, common.rules, kind == "benign")
			if err != nil {
				errs = append(errs, err)
				continue
			}
			for _, g := range f.groups {
				if names[g.name] {
					errs = append(errs, fmt.Errorf("grammar %s: group %q declared twice", parts[0].name, g.name))
				}
				names[g.name] = true
			}
			l.groups = append(l.groups, f.groups...)
		}
	}
	sort.Slice(l.groups, func(i, j int) bool { return l.groups[i].name < l.groups[j].name })
	return l, errors.Join(errs...)
}

// topics reads a directory's grammar files, those of one topic together.
func topics(fsys fs.FS, dir string) ([][]source, error) {
	entries, err := fs.ReadDir(fsys, dir) // sorted, so the parts of a topic are neighbours
	if err != nil {
		return nil, err
	}
	var out [][]source
	topic := ""
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".gram") {
			continue
		}
		text, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(e.Name(), ".")
		if name != topic {
			out, topic = append(out, nil), name
		}
		out[len(out)-1] = append(out[len(out)-1], source{path.Join(path.Base(dir), e.Name()), string(text)})
	}
	return out, nil
}
