package policy

import (
	"sort"
	"strconv"
)

// The kinds of a Node.
const (
	Null = iota
	Bool
	Number
	String
	List
	Object
)

// Node is a JSON value. Maps from other readers become Nodes by FromTexts.
type Node struct {
	// Kind is one of the kinds above.
	Kind int
	// Text is the string, the number as written, "true" or "false".
	Text string
	// Keys are the names of an object, Items its values or those of a list.
	Keys  []string
	Items []*Node
	used  []bool
	texts bool // numbers may be strings
}

// FromTexts makes a Node of what a generic decoder returns: nil, bool, string,
// the number types, []any, []string and map[string]any or map[any]any. The
// keys of maps are sorted. Anything else becomes Null. As some decoders, such as
// Traefik's, make strings of numbers, a string of one will do for a number.
func FromTexts(v any) *Node {
	return fromAny(v, 0).Texts()
}

// Texts says of a whole document that strings may stand for its numbers, and
// returns n.
func (n *Node) Texts() *Node {
	n.texts = true
	return n
}

func fromAny(v any, depth int) *Node {
	if depth > maxNesting {
		return &Node{}
	}
	switch x := v.(type) {
	case bool:
		return &Node{Kind: Bool, Text: strconv.FormatBool(x)}
	case string:
		return &Node{Kind: String, Text: x}
	case int:
		return &Node{Kind: Number, Text: strconv.Itoa(x)}
	case int64:
		return &Node{Kind: Number, Text: strconv.FormatInt(x, 10)}
	case float64:
		return &Node{Kind: Number, Text: strconv.FormatFloat(x, 'f', -1, 64)}
	case []string:
		n := &Node{Kind: List}
		for i := 0; i < len(x); i++ {
			n.Items = append(n.Items, &Node{Kind: String, Text: x[i]})
		}
		return n
	case []any:
		n := &Node{Kind: List}
		for i := 0; i < len(x); i++ {
			n.Items = append(n.Items, fromAny(x[i], depth+1))
		}
		return n
	case map[string]any:
		n := &Node{Kind: Object}
		for key := range x {
			n.Keys = append(n.Keys, key)
		}
		sort.Strings(n.Keys)
		for i := 0; i < len(n.Keys); i++ {
			n.Items = append(n.Items, fromAny(x[n.Keys[i]], depth+1))
		}
		return n
	case map[any]any:
		m := map[string]any{}
		for key, item := range x {
			if name, ok := key.(string); ok {
				m[name] = item
			}
		}
		return fromAny(m, depth+1)
	}
	return &Node{}
}

// take returns the member of that name and marks it used; nil if absent.
func (n *Node) take(key string) *Node {
	var found *Node
	for i := 0; i < len(n.Keys); i++ {
		if n.Keys[i] == key && found == nil {
			n.used[i] = true
			found = n.Items[i]
		}
	}
	return found
}
