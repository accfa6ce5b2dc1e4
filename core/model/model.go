package model

import "github.com/glacis-waf/glacis/core/kernel"

// Model is a loaded model.
type Model struct {
	name string
	gate kernel.Gate
}

// Name returns name and version.
func (m *Model) Name() string { return m.name }

// Gate returns the gate.
func (m *Model) Gate() *kernel.Gate { return &m.gate }
