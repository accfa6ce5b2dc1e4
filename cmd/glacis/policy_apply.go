package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	core "github.com/glacis-waf/glacis/core/policy"
)

func newPolicyApplyCommand() *cobra.Command {
	var to string
	var test bool
	cmd := &cobra.Command{
		Use:   "apply PATH --to FILE",
		Short: "check a policy and put it where a running proxy or sidecar reads it",
		Long: `Apply checks a policy, with --test also by its test cases, and then replaces FILE by it in one step, so that
whoever watches FILE sees either the old policy or the new one, never a part. An invalid policy changes nothing.
A directory becomes one file.`,
		Example: "  glacis policy apply --test policy.yaml --to /etc/glacis/policy.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return fmt.Errorf("--to is required")
			}
			loaded, err := loadPolicy(args[0])
			if err != nil {
				return fmt.Errorf("invalid, nothing was changed:\n%w", err)
			}
			if test {
				engine, err := policyEngine(args[0], nil, 0)
				if err != nil {
					return err
				}
				if err := runCases(cmd.OutOrStdout(), engine, args[0]); err != nil {
					return fmt.Errorf("nothing was changed: %w", err)
				}
			}
			text, err := os.ReadFile(loaded.Files[0])
			if err == nil && len(loaded.Files) > 1 {
				text = append(core.Encode(loaded.Document), '\n') // JSON is YAML
			}
			if err != nil {
				return err
			}
			if err := replaceFile(to, text); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: applied to %s\n", loaded.Policy.Version(), to)
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "file that the proxy or the sidecar was started with (required)")
	cmd.Flags().BoolVar(&test, "test", false, "run the test cases first")
	return cmd
}

// replaceFile writes a file beside path and renames it.
func replaceFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone after the rename
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
