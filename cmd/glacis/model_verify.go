package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models"
)

func newModelVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE",
		Short: "check a model file: sizes, checksums, format, engine version, golden verdicts",
		Long: `Verify checks a model file as the engine does before it loads it, and runs the requests that the
archive carries: this engine must give exactly the verdicts that its author saw.

The exit status is 0 for a sound model and 2 otherwise; the error names the file and the reason.`,
		Example: "  glacis model verify glacis-model.tgz",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := models.Verify(args[0])
			if err != nil {
				return err
			}
			if err := printFiles(cmd.OutOrStdout(), r); err != nil {
				return err
			}
			if r.Manifest == nil {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "ok: raw tables, without a manifest and golden verdicts")
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "ok: engine %s reproduces all %d golden verdicts\n", r.Engine, r.Golden)
			return err
		},
	}
}
