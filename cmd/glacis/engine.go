package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
)

// engineFlags are the flags from which an engine is made.
type engineFlags struct {
	confidence string
}

func (f *engineFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.confidence, "confidence", core.ConfidenceHigh.Name(),
		"confidence from which a request is blocked: medium, high or critical")
	completeWith(cmd, "confidence", "medium", "high", "critical")
}

// open makes the engine.
func (f *engineFlags) open() (*core.Engine, error) {
	confidence, ok := core.ParseConfidence(f.confidence)
	if !ok || confidence == core.ConfidenceNone {
		return nil, fmt.Errorf("--confidence %q is none of medium, high, critical", f.confidence)
	}
	engine, err := core.New(core.Config{Confidence: confidence})
	if err != nil {
		return nil, fmt.Errorf("make the engine: %w", err)
	}
	return engine, nil
}

// completeWith offers fixed values for a flag in the shell.
func completeWith(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(fmt.Sprintf("completion of --%s (%s): %v", flag, strings.Join(values, " "), err))
	}
}
