package train

import (
	"fmt"
	"sync"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/gen"
)

// Result is a finished training run.
type Result struct {
	Tables *model.Tables
	// Scores are the examples' scores by models that had not seen their source.
	Scores []Scores
	Set    *Set
	// Offsets are what the thresholds of places differ by, for every level.
	Offsets [model.Levels]Offsets
	reserve bool
}

// reserved reports whether an example takes no part in choices.
func (r *Result) reserved(x *Example) bool { return r.reserve && Reserved(x) }

// LoadSet takes the corpus files apart, two at a time, in an order that does
// not depend on timing.
func LoadSet(files []string, o *Options) (*Set, error) {
	x := core.NewExtractor(core.Config{})
	parts := make([]*Set, len(files))
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	sem := make(chan struct{}, 2)
	for i := range files {
		wg.Add(1)
		sem <- struct{}{}
		go func(i int) {
			defer wg.Done()
			defer func() { <-sem }()
			parts[i] = NewSet()
			errs[i] = ReadFile(files[i], func(r *Record) error { return parts[i].Add(x, r) })
			o.logf("read %s: %d requests", files[i], len(parts[i].Examples))
		}(i)
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
	}
	set := NewSet()
	for _, p := range parts {
		set.merge(p)
	}
	return set, nil
}

// merge appends another set.
func (s *Set) merge(p *Set) {
	moved := make([]int32, len(p.Values))
	for i, v := range p.Values {
		k, ok := s.index[v]
		if !ok {
			k = int32(len(s.Values))
			s.Values = append(s.Values, v)
			s.index[v] = k
		}
		moved[i] = k
	}
	for _, x := range p.Examples {
		for j := range x.Uses {
			x.Uses[j].Value = moved[x.Uses[j].Value]
		}
		s.Examples = append(s.Examples, x)
	}
}

// Train cross-validates, calibrates and fits the model that ships. The same
// set and options give the same bytes.
func Train(set *Set, o *Options) (*Result, error) {
	if n := set.benign(); n == 0 {
		return nil, fmt.Errorf("train: no benign requests to calibrate with")
	}
	if o.Generated > 0 {
		samples := append(gen.Attacks(o.Seed, o.Generated), gen.Benign(o.Seed, o.Generated)...)
		samples = append(samples, Noise(o.Seed)...)
		if err := AddGenerated(set, samples); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
	}
	if o.Augment {
		if err := AddAugmented(set, uint64(o.Seed)); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
	}
	fold := SiteFolds(set, o.Folds, o.Reserve)
	forms := MakeForms(set, uint32(o.Flags))
	in := MakeInstances(set, forms, fold, o.Negative)
	if len(in) == 0 {
		return nil, fmt.Errorf("train: no values to learn from")
	}
	o.logf("%d requests, %d values, %d instances", len(set.Examples), len(set.Values), len(in))
	scores, err := CrossValidate(o, set, in, fold)
	if err != nil {
		return nil, fmt.Errorf("cross-validate: %w", err)
	}
	const all = ^uint32(0)
	t, err := build(o, fitFold(o, in, all, o.Seed), set, in, all)
	if err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	res := &Result{Tables: t, Scores: scores, Set: set, reserve: o.Reserve}
	res.Calibrate()
	return res, nil
}

// benign counts the benign requests that are not dual use.
func (s *Set) benign() int {
	n := 0
	for i := range s.Examples {
		if x := &s.Examples[i]; !x.Attack && !DualUse(x.File) {
			n++
		}
	}
	return n
}
