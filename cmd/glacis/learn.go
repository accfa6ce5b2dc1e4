package main

import "github.com/spf13/cobra"

func newLearnCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "learn",
		Short: "see and try what is learned of the protected applications",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newLearnSimulateCommand(), newLearnOpenAPICommand(), newLearnSuggestCommand())
	return cmd
}
