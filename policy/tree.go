package policy

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	core "github.com/glacis-waf/glacis/core/policy"
)

const (
	maxFile  = 8 << 20 // bytes of one file
	maxNodes = 200_000 // YAML nodes of a policy, aliases counted each time
	maxDepth = 32
)

// tree collects the documents of a policy into one.
type tree struct {
	root     *core.Node
	at       positions
	nodes    int
	problems []Problem
}

func newTree() *tree { return &tree{root: &core.Node{Kind: core.Object}, at: positions{}} }

// documents parses the YAML documents of a text.
func documents(file string, text []byte) ([]*yaml.Node, error) {
	if len(text) > maxFile {
		return nil, Error{{File: file, Message: "longer than 8 MiB"}}
	}
	var out []*yaml.Node
	d := yaml.NewDecoder(strings.NewReader(string(text)))
	for {
		var n yaml.Node
		err := d.Decode(&n)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, Error{syntax(file, err)}
		}
		if len(n.Content) == 1 && n.Content[0].ShortTag() != "!!null" {
			out = append(out, items(n.Content[0])...)
		}
	}
}

// items takes a Kubernetes List apart; anything else is itself.
func items(root *yaml.Node) []*yaml.Node {
	var list *yaml.Node
	isList := false
	for i := 0; i+1 < len(root.Content) && root.Kind == yaml.MappingNode; i += 2 {
		switch key, value := root.Content[i].Value, root.Content[i+1]; key {
		case "kind":
			isList = value.Value == "List"
		case "items":
			list = value
		}
	}
	if isList && list != nil && list.Kind == yaml.SequenceNode {
		return list.Content
	}
	return []*yaml.Node{root}
}

// syntax takes the line out of an error of the YAML reader.
func syntax(file string, err error) Problem {
	p := Problem{File: file, Message: "YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
	var line int
	var rest string
	if n, _ := fmt.Sscanf(strings.TrimPrefix(err.Error(), "yaml: "), "line %d: %s", &line, &rest); n == 2 {
		_, message, _ := strings.Cut(err.Error(), ": line "+strconv.Itoa(line)+": ")
		p.Line, p.Column, p.Message = line, 1, "YAML: "+message
	}
	return p
}

func (t *tree) fail(file string, n *yaml.Node, path, message string) {
	t.problems = append(t.problems, Problem{File: file, Line: n.Line, Column: n.Column, Path: path, Message: message})
}

// add joins a document to what is there.
func (t *tree) add(file string, doc *yaml.Node) {
	doc = resolve(doc)
	if _, ok := t.at[""]; !ok {
		t.at[""] = position{file, doc.Line, doc.Column}
	}
	if doc.Kind != yaml.MappingNode {
		t.fail(file, doc, "", "want a mapping")
		return
	}
	for i := 0; i+1 < len(doc.Content); i += 2 {
		key, value := doc.Content[i], resolve(doc.Content[i+1])
		t.member(file, key, value)
	}
}

// member joins a key at the top of a document.
func (t *tree) member(file string, key, value *yaml.Node) {
	var there *core.Node
	for i, k := range t.root.Keys {
		if k == key.Value {
			there = t.root.Items[i]
		}
	}
	if there == nil {
		t.at[key.Value] = position{file, key.Line, key.Column}
		t.root.Keys = append(t.root.Keys, key.Value)
		t.root.Items = append(t.root.Items, t.convert(file, value, key.Value, 1))
		return
	}
	first := t.at[key.Value]
	if there.Kind == core.List && value.Kind == yaml.SequenceNode {
		for _, item := range value.Content {
			path := fmt.Sprintf("%s[%d]", key.Value, len(there.Items))
			there.Items = append(there.Items, t.item(file, item, path, 2))
		}
		return
	}
	if key.Value == "apiVersion" && there.Text == value.Value {
		return
	}
	t.fail(file, key, key.Value, fmt.Sprintf("is set in %s:%d already", first.file, first.line))
}

func (t *tree) item(file string, n *yaml.Node, path string, depth int) *core.Node {
	t.at[path] = position{file, n.Line, n.Column}
	return t.convert(file, n, path, depth)
}

// resolve follows an alias.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// convert makes a core.Node, notes where everything is and reports keys that
// occur twice.
func (t *tree) convert(file string, n *yaml.Node, path string, depth int) *core.Node {
	n = resolve(n)
	t.nodes++
	if t.nodes > maxNodes || depth > maxDepth {
		if t.nodes <= maxNodes+1 || depth > maxDepth {
			t.fail(file, n, path, "too large or nested too deeply")
		}
		return &core.Node{}
	}
	switch n.Kind {
	case yaml.SequenceNode:
		out := &core.Node{Kind: core.List}
		for i, item := range n.Content {
			out.Items = append(out.Items, t.item(file, item, fmt.Sprintf("%s[%d]", path, i), depth+1))
		}
		return out
	case yaml.MappingNode:
		out := &core.Node{Kind: core.Object}
		seen := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			child := path + "." + key.Value
			if seen[key.Value] {
				t.fail(file, key, child, "stands here twice")
			}
			seen[key.Value] = true
			t.at[child] = position{file, key.Line, key.Column}
			out.Keys = append(out.Keys, key.Value)
			out.Items = append(out.Items, t.convert(file, n.Content[i+1], child, depth+1))
		}
		return out
	}
	return scalar(n)
}

// scalar makes a leaf; times are text.
func scalar(n *yaml.Node) *core.Node {
	switch n.ShortTag() {
	case "!!null":
		return &core.Node{}
	case "!!bool":
		return &core.Node{Kind: core.Bool, Text: n.Value}
	case "!!int":
		if v, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return &core.Node{Kind: core.Number, Text: strconv.FormatInt(v, 10)}
		}
		return &core.Node{Kind: core.Number, Text: n.Value}
	case "!!float":
		return &core.Node{Kind: core.Number, Text: n.Value}
	}
	return &core.Node{Kind: core.String, Text: n.Value}
}
