package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

func newModelVerifyCommand() *cobra.Command {
	var trusting trustFlags
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "check a model file: sizes, checksums, format, engine version, golden verdicts",
		Long: `Verify checks a model file as the engine does before it loads it, and runs the requests that the
archive carries: this engine must give exactly the verdicts that its author saw.

With --model-key the signature, FILE.minisig or FILE.sig, is checked first, before anything is unpacked.

The exit status is 0 for a sound model and 2 otherwise; the error names the file and the reason.`,
		Example: "  glacis model verify glacis-model.tgz",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := trusting.verify(cmd.OutOrStdout(), args[0])
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
	cmd.Flags().StringArrayVar(&trusting.keys, "model-key", nil, "public key that the signature must be of: the key itself, a file or a directory of *.pub")
	return cmd
}

// verify checks a file, and if there are keys its signature before anything
// else; it says who signed.
func (f *trustFlags) verify(out io.Writer, path string) (*models.Report, error) {
	if len(f.keys) == 0 {
		return models.Verify(path)
	}
	trust, err := f.trust()
	if err != nil {
		return nil, err
	}
	p, err := delivery.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := trust.Open(p)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(out, "signed by %s\n", m.Signer)
	return m.Report, err
}
