package main

import "github.com/spf13/cobra"

func newModelCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "model", Short: "train, check, pack and describe models"}
	cmd.AddCommand(newModelVerifyCommand(), newModelInfoCommand(), newModelPackCommand(), newModelTrainCommand(), newModelEvadeCommand())
	return cmd
}
