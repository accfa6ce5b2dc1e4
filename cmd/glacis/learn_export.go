package main

import (
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// fetch returns what the sidecar has learned, as YAML.
func (f *learnAskFlags) fetch(cmd *cobra.Command) ([]byte, error) {
	c, err := f.sidecar.client()
	if err != nil {
		return nil, err
	}
	data, err := c.Text(cmd.Context(), "/v1/learning/export")
	if err != nil {
		return nil, fmt.Errorf("ask the sidecar: %w", hint(err))
	}
	return data, nil
}

func newLearnExportCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "write what a sidecar has learned as YAML, for version control",
		Long: `Export writes endpoints, parameters and decisions in a fixed order. There is no value of a request and no address
in it.`,
		Example: "  glacis learn export > learned.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := f.fetch(cmd)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(data)
			return err
		},
	}
	f.register(cmd)
	return cmd
}

func newLearnImportCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "freeze applications at what an export says",
		Long:    `Import freezes the applications of the file at what it says, and takes its decisions over.`,
		Example: "  glacis learn import learned.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, _, err := readLearned(args[0])
			if err != nil {
				return err
			}
			return f.send(cmd, "/v1/learning/import?who="+url.QueryEscape(f.who), "application/yaml", data)
		},
	}
	f.registerChange(cmd)
	return cmd
}

func newLearnDiffCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "compare two exports, or one with what a sidecar knows now",
		Long: `Diff prints a line for each endpoint and parameter that differs: "+" is new, "-" is gone, "~" has changed. Counts do
not matter. Without NEW it is compared with what the sidecar knows now.`,
		Example: "  glacis learn diff learned.yaml",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, old, err := readLearned(args[0])
			if err != nil {
				return err
			}
			var now *learn.Export
			if len(args) == 2 {
				_, now, err = readLearned(args[1])
			} else {
				var data []byte
				if data, err = f.fetch(cmd); err == nil {
					now, err = learn.ReadExport(data)
				}
			}
			if err != nil {
				return err
			}
			for _, line := range learn.Diff(old, now) {
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f.register(cmd)
	return cmd
}

// readLearned reads and checks an export.
func readLearned(path string) ([]byte, *learn.Export, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	x, err := learn.ReadExport(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, x, nil
}
