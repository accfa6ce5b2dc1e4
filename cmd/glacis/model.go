package main

import "github.com/spf13/cobra"

func newModelCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "model", Short: "train, check, sign, install and compare models"}
	cmd.AddCommand(newModelVerifyCommand(), newModelInfoCommand(), newModelPackCommand(), newModelTrainCommand(), newModelEvadeCommand(),
		newModelListCommand(), newModelInstallCommand(), newModelRollbackCommand(), newModelPullCommand(), newModelPushCommand(),
		newModelKeygenCommand(), newModelSignCommand(), newModelCompareCommand())
	return cmd
}
