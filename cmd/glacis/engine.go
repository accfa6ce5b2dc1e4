package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/embedded"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models"
)

// engineFlags are the flags from which an engine is made.
type engineFlags struct {
	confidence string
	model      string
	policy     string
}

func (f *engineFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.confidence, "confidence", core.ConfidenceHigh.Name(),
		"confidence from which a request is blocked: medium, high or critical")
	cmd.Flags().StringVar(&f.model, "model", "", "model file, an archive (.tgz) or raw tables; without it the embedded model")
	cmd.Flags().StringVar(&f.policy, "policy", "", "policy, a file or a directory; its confidence takes the place of --confidence")
	completeWith(cmd, "confidence", "medium", "high", "critical")
}

// level is the confidence from which a request is blocked.
func (f *engineFlags) level() (core.Confidence, error) {
	confidence, ok := core.ParseConfidence(f.confidence)
	if !ok || confidence == core.ConfidenceNone {
		return 0, fmt.Errorf("--confidence %q is none of medium, high, critical", f.confidence)
	}
	return confidence, nil
}

// open makes the engine.
func (f *engineFlags) open() (*core.Engine, error) {
	confidence, err := f.level()
	if err != nil {
		return nil, err
	}
	m, err := openModel(f.model)
	if err != nil {
		return nil, fmt.Errorf("--model: %w", err)
	}
	engine, err := policyEngine(f.policy, m, confidence)
	if err != nil && f.policy != "" {
		return nil, fmt.Errorf("--policy: %w", err)
	}
	return engine, err
}

// openModel reads a model, an archive or raw tables; without a path it is the embedded one.
func openModel(path string) (*model.Model, error) {
	if path == "" {
		return embeddedModel()
	}
	m, _, err := models.Open(path)
	return m, err
}

// embeddedModel is what was put into the program when it was built; nil is the engine's own.
func embeddedModel() (*model.Model, error) {
	m, _, err := embedded.Open()
	return m, err
}

// completeWith offers fixed values for a flag in the shell.
func completeWith(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(fmt.Sprintf("completion of --%s (%s): %v", flag, strings.Join(values, " "), err))
	}
}
