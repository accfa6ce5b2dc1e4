package main

import "github.com/spf13/cobra"

func newLearnCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "learn",
		Short: "see and try what is learned of the protected applications",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newLearnSimulateCommand(), newLearnOpenAPICommand(), newLearnSuggestCommand(),
		newLearnStatusCommand(), newLearnItemsCommand(), newLearnSuggestionsCommand(), newLearnAuditCommand(),
		newLearnFreezeCommand(), newLearnUnfreezeCommand(), newLearnRelearnCommand(), newLearnRevokeCommand(),
		newLearnExportCommand(), newLearnImportCommand(), newLearnDiffCommand())
	return cmd
}
