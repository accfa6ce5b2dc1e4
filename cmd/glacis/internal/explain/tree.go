// Package explain draws the values of a request as a tree, with what the
// engine made of each.
package explain

import "github.com/glacis-waf/glacis/core"

// maxDepth bounds the indentation.
const maxDepth = 64

const (
	branch  = "├─ "
	lastOne = "└─ "
	through = "│  "
	nothing = "   "
)

// prefixes returns what stands before each step: head before its first line,
// body before the lines that follow. It is linear in the number of steps.
func prefixes(steps []core.Step) (head, body []string) {
	depths := clampDepths(steps)
	last := lastSiblings(depths)
	head, body = make([]string, len(steps)), make([]string, len(steps))
	// stem[d] is the part of the lines below a step of depth d that belongs to
	// the steps above it.
	var stem [maxDepth + 2]string
	for i, d := range depths {
		if last[i] {
			head[i], stem[d+1] = stem[d]+lastOne, stem[d]+nothing
		} else {
			head[i], stem[d+1] = stem[d]+branch, stem[d]+through
		}
		body[i] = stem[d+1]
	}
	return head, body
}

// clampDepths makes depths of which each is at most one more than the one
// before, so that every step has a parent.
func clampDepths(steps []core.Step) []int {
	depths := make([]int, len(steps))
	previous := -1
	for i := range steps {
		depths[i] = max(0, min(steps[i].Depth, previous+1, maxDepth))
		previous = depths[i]
	}
	return depths
}

// lastSiblings says of each step whether no other follows under its parent.
func lastSiblings(depths []int) []bool {
	last := make([]bool, len(depths))
	var later [maxDepth + 2]bool
	for i := len(depths) - 1; i >= 0; i-- {
		d := depths[i]
		last[i] = !later[d]
		later[d] = true
		later[d+1] = false // what follows deeper has another parent from here on
	}
	return last
}
