package main

import (
	"fmt"

	"github.com/spf13/cobra"

	core "github.com/glacis-waf/glacis/core/policy"
)

func newPolicyCompileCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compile PATH",
		Short: "print a policy as one line of JSON",
		Long: `Compile checks a policy and prints it as one line of JSON with the same keys, for places without a YAML
reader: the configuration of a Kong plugin, an Envoy filter or a Traefik middleware. Name and hash in events are
the same as those of the YAML.`,
		Example: "  glacis policy compile policy.yaml >policy.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			loaded, err := loadPolicy(args[0])
			if err != nil {
				return fmt.Errorf("invalid:\n%w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", core.Encode(loaded.Document))
			return err
		},
	}
}
