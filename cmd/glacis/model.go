package main

import "github.com/spf13/cobra"

func newModelCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "model", Short: "train, measure, check, sign, install and compare models"}
	cmd.AddCommand(newModelVerifyCommand(), newModelInfoCommand(), newModelPackCommand(), newModelTrainCommand(), newModelEvadeCommand(), newEvalCommand(),
		newModelListCommand(), newModelInstallCommand(), newModelRollbackCommand(), newModelPullCommand(), newModelPushCommand(),
		newModelKeygenCommand(), newModelSignCommand(), newModelCompareCommand())
	return cmd
}
