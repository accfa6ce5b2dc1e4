package conformance

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed cases/*.yaml
var suite embed.FS

// Cases returns the whole suite in the order of its files.
func Cases() ([]*Case, error) { return load(suite) }

// load reads every cases/*.yaml of a file system and checks that names are
// unique. Errors begin with "file:line:".
func load(files fs.FS) ([]*Case, error) {
	list, err := fs.Glob(files, "cases/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("load cases: %w", err)
	}
	var all []*Case
	where := map[string]string{}
	for _, name := range list {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("load cases: %w", err)
		}
		placed, err := parseFile(name, text)
		if err != nil {
			return nil, err
		}
		for _, p := range placed {
			if before, twice := where[p.Name()]; twice {
				return nil, fmt.Errorf("%s: case %s is at %s already", p.at, p.Name(), before)
			}
			where[p.Name()] = p.at
			all = append(all, p.Case)
		}
	}
	return all, nil
}

// placed is a case with its "file:line".
type placed struct {
	*Case
	at string
}

// parseFile reads one file strictly.
func parseFile(name string, text []byte) ([]placed, error) {
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return nil, yamlError(name, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one document", name)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, yamlError(name, err)
	}
	if f.Group == "" || f.About == "" {
		return nil, fmt.Errorf("%s:1: group and about are required", name)
	}
	if f.Policy != "" {
		if _, err := LoadPolicy(f.Policy); err != nil {
			return nil, fmt.Errorf("%s:1: policy: %w", name, err)
		}
		if len(f.Payloads) > 0 {
			return nil, fmt.Errorf("%s:1: payloads are not for cases under a policy", name)
		}
	}
	var out []placed
	for i := range f.Payloads {
		at := fmt.Sprintf("%s:%d", name, line(&doc, "payloads", i))
		cases, err := expand(&f, &f.Payloads[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		for _, c := range cases {
			out = append(out, placed{c, at})
		}
	}
	for i := range f.Cases {
		at := fmt.Sprintf("%s:%d", name, line(&doc, "cases", i))
		c, err := f.Cases[i].compile(&f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		out = append(out, placed{c, at})
	}
	return out, nil
}

// yamlError turns "yaml: line 3: …" and its relatives into "file:3: …".
func yamlError(name string, err error) error {
	var types *yaml.TypeError
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if errors.As(err, &types) && len(types.Errors) > 0 {
		text = types.Errors[0]
	}
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		return fmt.Errorf("%s:%s", path.Clean(name), rest)
	}
	return fmt.Errorf("%s: %s", path.Clean(name), text)
}

// line returns the line of item i of a list at the top of the document.
func line(doc *yaml.Node, list string, i int) int {
	top := doc.Content[0]
	for k := 0; k+1 < len(top.Content); k += 2 {
		if top.Content[k].Value == list && i < len(top.Content[k+1].Content) {
			return top.Content[k+1].Content[i].Line
		}
	}
	return top.Line
}
