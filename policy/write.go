package policy

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	core "github.com/glacis-waf/glacis/core/policy"
)

// Write returns a document as YAML, in the order of the reference.
func Write(doc *core.Document) ([]byte, error) {
	var n yaml.Node
	// JSON is YAML.
	if err := yaml.Unmarshal(core.Encode(doc), &n); err != nil {
		return nil, fmt.Errorf("write policy: %w", err)
	}
	block(&n)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(&n); err != nil {
		return nil, fmt.Errorf("write policy: %w", err)
	}
	return out.Bytes(), e.Close()
}

// block drops the notation of JSON: one key a line, short lists on one line,
// quotes only where they are needed.
func block(n *yaml.Node) {
	n.Style = 0
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 && n.Content[0].Kind == yaml.ScalarNode {
		size := 0
		for _, item := range n.Content {
			size += len(item.Value) + 2
		}
		if size < 80 {
			n.Style = yaml.FlowStyle
		}
	}
	for _, child := range n.Content {
		block(child)
	}
}
