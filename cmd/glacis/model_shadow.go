package main

import (
	"fmt"
	"log/slog"

	"github.com/glacis-waf/glacis/events/node"
	"github.com/glacis-waf/glacis/models/shadow"
)

// newShadow makes what compares a second model, nil if no flag names one.
func (f *modelFlags) newShadow(log *slog.Logger) (*shadow.Shadow, error) {
	if f.shadow == "" {
		return nil, nil
	}
	s, err := shadow.New(shadow.Config{Sample: f.sample, Log: log})
	if err != nil {
		return nil, fmt.Errorf("--shadow-sample: %w", err)
	}
	return s, nil
}

// differences returns what reports them, nil without a second model.
func (s *modelService) differences() func() shadow.Report {
	if s.shadow == nil {
		return nil
	}
	return s.shadow.Report
}

// beside is the second model as glacis status shows it, nil without one.
func (s *modelService) beside() *node.Shadow {
	if s.shadow == nil {
		return nil
	}
	r := s.shadow.Report()
	return &node.Shadow{Name: r.Model, Error: s.second.Status().Error, Compared: r.Compared, Blocks: r.Blocks, Passes: r.Passes}
}
