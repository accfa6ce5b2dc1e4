// Package evade measures how robust a model is: how many attacks that the engine
// blocks get through after semantics-preserving rewriting guided by the score
// (package evasion), and whether honest text around an attack hides it.
package evade

import (
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/models/train"
)

// Attack is one attack value to rewrite.
type Attack struct {
	// File and ID say where it is from.
	File, ID string
	// Family is the name of its family, as core/model has it.
	Family string
	// Value is what the application would see.
	Value string
	// Post has the value sent in a form field, not in a query.
	Post bool
}

// rand is the attack's own source: what is done to it does not depend on the
// others, nor on how many work at once.
func (a *Attack) rand(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose + "\x00" + a.File + "\x00" + a.Value))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Sample reads a corpus file and returns its distinct attack values in an order
// drawn from the seed, without those that are marked weak. Every other one is
// sent in a form field. Memory is that of the values.
func Sample(file string, seed uint64) ([]Attack, error) {
	var all []Attack
	seen := map[string]bool{}
	err := train.ReadFile(file, func(r *train.Record) error {
		v := value(r)
		if r.Label != "attack" || r.Weak || v == "" || seen[v] {
			return nil
		}
		seen[v] = true
		all = append(all, Attack{File: r.File, ID: r.ID, Family: train.FamilyOf(r.Category).Name(), Value: v})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(all) > 0 {
		order := Attack{File: all[0].File}
		order.rand(seed, "order").Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	for i := range all {
		all[i].Post = i%2 == 1
	}
	return all, nil
}

// value is the payload of a record, or, where none is stated, the value of its
// only parameter.
func value(r *train.Record) string {
	if r.Payload != "" {
		return r.Payload
	}
	_, query, _ := strings.Cut(r.URI, "?")
	_, raw, ok := strings.Cut(query, "=")
	if !ok || strings.ContainsAny(raw, "&=;") {
		return ""
	}
	v, err := url.QueryUnescape(raw)
	if err != nil {
		return ""
	}
	return v
}
