package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	core "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/internal/golden"
)

// comments reads the doc comments of the fields and types of core/policy, by
// "Type.Field" and "Type".
func comments(t *testing.T) map[string]string {
	out := map[string]string{}
	files, err := filepath.Glob("../core/policy/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			d, ok := n.(*ast.GenDecl)
			if !ok || d.Tok != token.TYPE {
				return true
			}
			spec := d.Specs[0].(*ast.TypeSpec)
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			out[spec.Name.Name] = text(d.Doc)
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					out[spec.Name.Name+"."+name.Name] = text(f.Doc)
				}
			}
			return true
		})
	}
	return out
}

// text is the first paragraph of a comment, on one line.
func text(g *ast.CommentGroup) string {
	first, _, _ := strings.Cut(g.Text(), "\n\n")
	return strings.Join(strings.Fields(first), " ")
}

// jsonName is the key of a field.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// schemaOf makes the schema of a struct type.
func schemaOf(typ reflect.Type, doc map[string]string) map[string]any {
	properties := map[string]any{}
	var required []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		p := valueSchema(f.Type, f.Tag.Get("oneof"), doc)
		if f.Type.Kind() == reflect.Struct {
			p = map[string]any{"allOf": []any{p}}
		}
		p["description"] = doc[typ.Name()+"."+f.Name]
		if d := f.Tag.Get("default"); d != "" && f.Type.Kind() == reflect.String {
			p["default"] = d
		}
		properties[jsonName(f)] = p
		if f.Tag.Get("required") != "" {
			required = append(required, jsonName(f))
		}
	}
	s := map[string]any{"type": "object", "additionalProperties": false, "properties": properties, "description": doc[typ.Name()]}
	if required != nil {
		s["required"] = required
	}
	return s
}

func valueSchema(typ reflect.Type, oneof string, doc map[string]string) map[string]any {
	switch typ.Kind() {
	case reflect.Struct:
		return map[string]any{"$ref": "#/$defs/" + typ.Name()}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": valueSchema(typ.Elem(), oneof, doc)}
	case reflect.Int:
		return map[string]any{"type": "integer", "minimum": 0}
	}
	s := map[string]any{"type": "string"}
	if oneof != "" {
		s["enum"] = strings.Fields(oneof)
	}
	return s
}

// types lists the structs of a document, each once, the document first.
func types() []reflect.Type {
	var out []reflect.Type
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(t reflect.Type) {
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		out = append(out, t)
		for i := range t.NumField() {
			visit(t.Field(i).Type)
		}
	}
	visit(reflect.TypeOf(core.Document{}))
	return out
}

// TestSchema generates schema.json and checks it with an independent validator
// against the policies of the tests.
func TestSchema(t *testing.T) {
	doc := comments(t)
	defs := map[string]any{}
	for _, typ := range types()[1:] {
		defs[typ.Name()] = schemaOf(typ, doc)
	}
	schema := schemaOf(types()[0], doc)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Glacis policy"
	schema["$defs"] = defs
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(schema); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "schema.json", out.String())

	compiler := jsonschema.NewCompiler()
	parsed, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("policy.json", parsed); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(text string) error {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(dates(v))
	}
	for _, file := range []string{"testdata/full.yaml"} {
		if err := valid(read(t, file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, bad := range []string{"{}", "{apiVersion: glacis/v2}", "{apiVersion: glacis/v1, asets: []}", "{apiVersion: glacis/v1, defaults: {mode: on}}",
		"{apiVersion: glacis/v1, exceptions: [{id: a, families: [sql]}]}", "{apiVersion: glacis/v1, assets: [{hosts: [a]}]}"} {
		if valid(bad) == nil {
			t.Errorf("the schema takes %s", bad)
		}
	}
}

// dates turns the times that this YAML reader makes back into the texts that
// YAML 1.2, and so every editor, sees.
func dates(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format("2006-01-02")
	case []any:
		for i := range v {
			v[i] = dates(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = dates(v[key])
		}
	}
	return v
}

// TestReference generates the reference in docs/policy.md, behind the mark.
func TestReference(t *testing.T) {
	const file, mark = "../docs/policy.md", "<!-- generated by go test ./policy -update: do not edit below -->\n"
	head, _, found := strings.Cut(read(t, file), mark)
	if !found {
		t.Fatalf("%s has no mark", file)
	}
	doc := comments(t)
	var b strings.Builder
	b.WriteString(head + mark)
	paths := map[string][]string{}
	where(reflect.TypeOf(core.Document{}), "", paths)
	for _, typ := range types() {
		title := typ.Name()
		if p := paths[title]; len(p) > 0 {
			title = "`" + strings.Join(p, "`, `") + "`"
		} else {
			title = "The document"
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| key | type | default | meaning |\n|---|---|---|---|\n", title, doc[typ.Name()])
		for i := range typ.NumField() {
			f := typ.Field(i)
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", jsonName(f), kind(f), fallback(f), meaning(f, doc[typ.Name()+"."+f.Name]))
		}
	}
	golden.Equal(t, file, b.String())
}

// where collects the paths at which a type stands.
func where(typ reflect.Type, path string, out map[string][]string) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		child, here := f.Type, jsonName(f)
		if path != "" {
			here = path + "." + here
		}
		if child.Kind() == reflect.Slice {
			child, here = child.Elem(), here+"[]"
		}
		// what assets and defaults share is listed once
		if child.Kind() != reflect.Struct || strings.HasPrefix(path, "assets[]") && child.Name() != "Limits" && child.Name() != "Protections" {
			continue
		}
		if !strings.HasPrefix(here, "assets[].") {
			out[child.Name()] = append(out[child.Name()], here)
		} else {
			out[child.Name()] = append(out[child.Name()], here)
			continue
		}
		where(child, here, out)
	}
}

func kind(f reflect.StructField) string {
	words := ""
	if w := f.Tag.Get("oneof"); w != "" {
		words = "`" + strings.Join(strings.Fields(w), "`, `") + "`"
	}
	switch f.Type.Kind() {
	case reflect.String:
		if words != "" {
			return words
		}
		return "text"
	case reflect.Int:
		return "number"
	case reflect.Struct:
		return "mapping"
	}
	switch f.Type.Elem().Kind() {
	case reflect.String:
		if words != "" {
			return "list of " + words
		}
		return "list of texts"
	}
	return "list"
}

func fallback(f reflect.StructField) string {
	switch d := f.Tag.Get("default"); {
	case f.Tag.Get("required") != "":
		return "required"
	case d != "":
		return d
	}
	return ""
}

func meaning(f reflect.StructField, doc string) string {
	if e := f.Tag.Get("example"); e != "" {
		doc += " Example: `" + strings.ReplaceAll(e, "|", "\\|") + "`."
	}
	if by := f.Tag.Get("enforced"); by != "" {
		doc += " Enforced by " + by + " only."
	}
	return doc
}
