// Package gen makes training values from grammars: attacks of the families that
// public lists cover thinly, and honest values that look like attacks.
//
// The grammars are text files under grammars/ (see grammar.go for the syntax),
// one file a topic, several groups a file. Every group is a pseudo source: the
// training splits by it, so that a group is either learned from or measured on.
// All grammars were written for this project from the documents of the attacked
// languages (SQL dialects, template engines, RFCs); none of them is a list of
// somebody's payloads.
//
// Everything is a function of the seed: the same seed gives the same samples in
// the same order, on every platform. The package keeps no state but the parsed
// grammars and is safe for concurrent use.
package gen

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// Sample is one generated value.
type Sample struct {
	// Family is the name of the attack family as core/model has it ("sqli",
	// "template" …), or "none" for a benign sample.
	Family string
	// Value is what the application would see at Location once the transport's
	// own encoding (the percent encoding of a query, the quoting of a multipart
	// header) is undone. Whoever builds a request from it has to apply that
	// encoding. It may hold any byte, control bytes and broken UTF-8 included.
	Value string
	// Location says where the value belongs:
	//	query      the value of a parameter, form field or JSON string
	//	pair       a whole name=value pair, undecoded names such as a[$ne]=1
	//	name       the name of a parameter, field or cookie
	//	path       a path, or a part of one
	//	header     the value of any header; header:Name of that header only
	//	cookie     the value of a cookie
	//	json, xml  a whole body of that type
	//	body       a whole body of another type
	//	multipart  the content of an uploaded file
	//	filename   the file name of an upload
	Location string
	// Benign is true for honest values.
	Benign bool
	// Group is the generator's name, "topic.variant".
	Group string
}

// attempts bounds how often a group is asked for a value it has not given yet,
// per wanted value; a grammar that runs dry gives fewer samples.
const attempts = 12

// heldOut occurs in no sample, not even in random letters: the evaluation keeps
// this attack for itself to see how well the models do on what they never saw.
const heldOut = "jn" + "di"

// Attacks returns up to perGroup distinct values of every attack group, group by
// group in the order of their names. No value occurs twice in a group. A group
// whose language is smaller than perGroup gives what it has (see the package's
// tests for the sizes that are guaranteed). perGroup ≤ 0 gives nil.
func Attacks(seed int64, perGroup int) []Sample { return samples(false, seed, perGroup) }

// Benign is the counterpart of Attacks for honest values.
func Benign(seed int64, perGroup int) []Sample { return samples(true, seed, perGroup) }

// Groups returns the names of all groups in order: the attack groups or the
// benign ones.
func Groups(benign bool) []string {
	var names []string
	for _, g := range library().groups {
		if g.benign == benign {
			names = append(names, g.name)
		}
	}
	return names
}

func samples(benign bool, seed int64, perGroup int) []Sample {
	var out []Sample
	for _, g := range library().groups {
		if g.benign == benign {
			out = g.samples(out, seed, perGroup)
		}
	}
	return out
}

// samples appends the group's values. Each group has a stream of its own, so a
// new group, or one more value of another, changes nothing here.
func (g *group) samples(out []Sample, seed int64, n int) []Sample {
	h := fnv.New64a()
	h.Write([]byte(g.name))
	x := expander{r: rand.New(rand.NewPCG(uint64(seed), h.Sum64()))}
	seen := make(map[string]bool, max(n, 0))
	for try := 0; len(seen) < n && try < n*attempts; try++ {
		loc := g.locations[x.r.IntN(len(g.locations))]
		v := x.expand(g.start)
		if v == "" || seen[v] || strings.Contains(strings.ToLower(v), heldOut) {
			continue
		}
		seen[v] = true
		if loc == "json" && !json.Valid([]byte(v)) {
			loc = "query" // a value, not a document
		}
		out = append(out, Sample{Family: g.family, Value: v, Location: loc, Benign: g.benign, Group: g.name})
	}
	return out
}
