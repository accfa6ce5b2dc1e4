package main

import "github.com/spf13/cobra"

func newModelCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "model", Short: "train, check and describe models"}
	cmd.AddCommand(newModelTrainCommand())
	return cmd
}
