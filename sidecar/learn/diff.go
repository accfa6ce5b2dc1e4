package learn

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Diff lists what differs between two exports, one line each: "+" is new in b,
// "-" is gone, "~" has changed. Counts of sources, votes and windows do not
// matter.
func Diff(a, b *Export) []string {
	old, now := a.lines(), b.lines()
	var out []string
	for _, key := range slices.Sorted(maps.Keys(old)) {
		switch next, ok := now[key]; {
		case !ok:
			out = append(out, "- "+key)
		case next != old[key]:
			out = append(out, fmt.Sprintf("~ %s: %s -> %s", key, old[key], next))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if _, ok := old[key]; !ok {
			out = append(out, "+ "+key)
		}
	}
	return out
}

// lines returns what matters of each item, by its name.
func (x *Export) lines() map[string]string {
	out := make(map[string]string)
	for i := range x.Assets {
		for _, p := range x.Assets[i].Params {
			p.Sources, p.Votes, p.Windows = 0, 0, 0
			key := x.Assets[i].Name + " " + p.about()
			p.Method, p.Template, p.Location = "", "", ""
			var node yaml.Node
			if err := node.Encode(p); err != nil {
				continue // cannot happen: the struct has plain fields only
			}
			node.Style = yaml.FlowStyle
			text, _ := yaml.Marshal(&node)
			out[key] = string(text[:max(0, len(text)-1)])
		}
	}
	return out
}
