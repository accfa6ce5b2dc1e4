package openappsec

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	core "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// Document is one YAML document.
type Document struct {
	File string
	Root *yaml.Node
}

// Note is something to be told about a key.
type Note struct {
	File         string
	Line, Column int
	// Key is its path as written.
	Key string
	// Message says what became of it.
	Message string
	// Fatal is set when the policy cannot be used.
	Fatal bool
}

// fold brings the spellings of a key together.
func fold(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

// Is says whether a document is an open-appsec policy.
func Is(root *yaml.Node) bool {
	if root.Kind != yaml.MappingNode {
		return false
	}
	policies := false
	for i := 0; i+1 < len(root.Content); i += 2 {
		switch key, value := root.Content[i].Value, root.Content[i+1].Value; key {
		case "apiVersion":
			return value != core.APIVersion && (strings.HasPrefix(value, "v1beta") || strings.HasPrefix(value, "openappsec.io/"))
		case "policies":
			policies = true
		}
	}
	return policies
}

// converter carries the document that is being made.
type converter struct {
	doc   *core.Document
	notes []Note
	// the named things of the policy, by kind and name
	named map[string]map[string]*object
	// assets that an exception holds for, by its name, in order
	holds map[string][]string
	order []string
}

// object reads one mapping and knows which of its keys were taken.
type object struct {
	c    *converter
	file string
	path string
	node *yaml.Node
	used map[int]bool
	// named is set when a rule names the object.
	named bool
}

func (c *converter) object(file, path string, n *yaml.Node) *object {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	o := &object{c: c, file: file, path: path, node: n, used: map[int]bool{}}
	if n.Kind != yaml.MappingNode {
		o.note(n, path, "want a mapping", true)
		o.node = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
	}
	return o
}

func (o *object) note(n *yaml.Node, key, message string, fatal bool) {
	o.c.notes = append(o.c.notes, Note{File: o.file, Line: n.Line, Column: n.Column, Key: key, Message: message, Fatal: fatal})
}

// get takes a key, under any of its names; nil if absent or null.
func (o *object) get(names ...string) *yaml.Node {
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		for _, name := range names {
			if fold(o.node.Content[i].Value) == fold(name) {
				o.used[i] = true
				n := o.node.Content[i+1]
				for n.Kind == yaml.AliasNode {
					n = n.Alias
				}
				if n.ShortTag() == "!!null" {
					return nil
				}
				return n
			}
		}
	}
	return nil
}

// key is the path of a key as written.
func (o *object) key(name string) string {
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		if fold(o.node.Content[i].Value) == fold(name) {
			name = o.node.Content[i].Value
		}
	}
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

func (o *object) text(names ...string) string {
	n := o.get(names...)
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		o.note(n, o.key(names[0]), "want a text", true)
		return ""
	}
	return n.Value
}

func (o *object) number(names ...string) int {
	n := o.get(names...)
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Value)
	if err != nil || v < 0 {
		o.note(n, o.key(names[0]), "want a number", true)
		return 0
	}
	return v
}

func (o *object) flag(names ...string) bool {
	n := o.get(names...)
	if n == nil {
		return false
	}
	if n.ShortTag() != "!!bool" {
		o.note(n, o.key(names[0]), "want true or false", true)
	}
	return strings.EqualFold(n.Value, "true")
}

// list reads texts; one text stands for a list of it.
func (o *object) list(names ...string) []string {
	n := o.get(names...)
	if n == nil || n.Kind == yaml.ScalarNode && n.Value == "" {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var out []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			o.note(item, o.key(names[0]), "want a text", true)
			continue
		}
		out = append(out, item.Value)
	}
	return out
}

// objects reads a list of mappings.
func (o *object) objects(names ...string) []*object {
	n := o.get(names...)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		o.note(n, o.key(names[0]), "want a list", true)
		return nil
	}
	var out []*object
	for i, item := range n.Content {
		out = append(out, o.c.object(o.file, fmt.Sprintf("%s[%d]", o.key(names[0]), i), item))
	}
	return out
}

// child reads a mapping; nil if absent.
func (o *object) child(names ...string) *object {
	n := o.get(names...)
	if n == nil {
		return nil
	}
	return o.c.object(o.file, o.key(names[0]), n)
}

// refuse takes a key and, if it is there, reports it.
func (o *object) refuse(because string, names ...string) {
	for _, name := range names {
		if n := o.get(name); n != nil {
			o.note(n, o.key(name), "not supported, because "+because, false)
		}
	}
}

// unless takes a flag and reports it when it does not say what is done anyway.
func (o *object) unless(done bool, because string, names ...string) {
	if n := o.get(names...); n != nil && o.flag(names...) != done {
		o.note(n, o.key(names[0]), "not supported, because "+because, false)
	}
}

// all takes every key: what they say is of no account.
func (o *object) all() {
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		o.used[i] = true
	}
}

// rest reports the keys that nobody took, for a reason of their own.
func (o *object) rest(because string) {
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		if !o.used[i] {
			o.refuse(because, o.node.Content[i].Value)
		}
	}
}

// end reports the keys that nobody took; known are those that could stand there.
func (o *object) end(known ...string) {
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		if !o.used[i] {
			key := o.node.Content[i]
			o.used[i] = true
			path := key.Value
			if o.path != "" {
				path = o.path + "." + path
			}
			o.note(key, path, "not supported, because open-appsec has no such key"+gateway.Suggest(key.Value, known), false)
		}
	}
}
