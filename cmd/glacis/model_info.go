package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/embedded"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/models"
)

func newModelInfoCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info [FILE]",
		Short: "describe a model file; without FILE the embedded model",
		Long: `Info says what a model is, what it was trained on and what was measured. It checks the file as the
engine does before it loads it, but does not run the golden verdicts (see glacis model verify).`,
		Example: "  glacis model info\n  glacis model info --json glacis-model.tgz",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := describe(args)
			if err != nil {
				return err
			}
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				return enc.Encode(r)
			}
			return printInfo(cmd.OutOrStdout(), r)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func describe(args []string) (*models.Report, error) {
	if len(args) == 0 {
		if _, r, err := embedded.Open(); r != nil || err != nil {
			return r, err
		}
		return models.Embedded()
	}
	return models.Describe(args[0])
}

// printFiles prints the head of a report.
func printFiles(out io.Writer, r *models.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "model\t%s\ntype\t%s\ncreated\t%s\n", safetext.Terminal(r.Model), safetext.Terminal(r.Type), safetext.Terminal(r.Created))
	if r.Manifest != nil {
		fmt.Fprintf(w, "needs engine\t%s or later\n", r.Manifest.MinimumEngineVersion)
	}
	for _, f := range r.Files {
		fmt.Fprintf(w, "%s\t%d bytes, SHA-256 %s\n", f.Name, f.Size, f.SHA256)
	}
	return w.Flush()
}

// printInfo prints a report with the summary of the training.
func printInfo(out io.Writer, r *models.Report) error {
	if err := printFiles(out, r); err != nil || r.Manifest == nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	t := &r.Manifest.Training
	fmt.Fprintf(w, "\nseed\t%d\n", t.Seed)
	for _, name := range slices.Sorted(maps.Keys(t.Options)) {
		fmt.Fprintf(w, "%s\t%s\n", safetext.Terminal(name), strconv.FormatFloat(t.Options[name], 'g', -1, 64))
	}
	if len(t.Sources) > 0 {
		fmt.Fprint(w, "\nsource\tlabel\trequests\tlicence\n")
	}
	for _, s := range t.Sources {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", safetext.Terminal(s.Name), s.Label, s.Requests, safetext.Terminal(s.License))
	}
	if len(r.Manifest.Metrics) > 0 {
		fmt.Fprint(w, "\nmeasured on\tlabel\trequests\tmedium %\thigh %\tcritical %\n")
	}
	for _, m := range r.Manifest.Metrics {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.2f\t%.2f\t%.2f\n", safetext.Terminal(m.File), m.Label, m.Requests, 100*m.Medium, 100*m.High, 100*m.Critical)
	}
	return w.Flush()
}
