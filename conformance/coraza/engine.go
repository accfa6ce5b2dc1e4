package main

import "github.com/glacis-waf/glacis/conformance/benchset"

// engine is one firewall under comparison.
type engine interface {
	// name as it appears in the table and in benchmark names.
	name() string
	// refuses inspects a request and says whether it would be refused.
	refuses(r *benchset.Request) (bool, error)
}

// engines makes all of them, Glacis first.
func engines() ([]engine, error) {
	g, err := newGlacis()
	if err != nil {
		return nil, err
	}
	c, err := newCoraza()
	if err != nil {
		return nil, err
	}
	return []engine{g, c, libinjection{}}, nil
}
