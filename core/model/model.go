package model

// Model is a loaded model.
type Model struct{ name string }

// Name returns name and version.
func (m *Model) Name() string { return m.name }
