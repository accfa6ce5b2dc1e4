package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/decompress"
	"github.com/glacis-waf/glacis/policy"
)

const policyLong = `A policy says what holds for which site: mode, confidence, limits, exceptions, checks. It is a YAML file or
a directory of files (docs/policy.md has every key). A local_policy.yaml of open-appsec is taken as it is.`

func newPolicyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "policy", Short: "check, test, compare, apply and convert policies", Long: policyLong}
	cmd.AddCommand(newPolicyLintCommand(), newPolicyTestCommand(), newPolicyDiffCommand(), newPolicyApplyCommand(),
		newPolicyConvertCommand(), newPolicyCompileCommand(), newPolicySchemaCommand())
	return cmd
}

// loadPolicy loads a policy by the wall clock.
func loadPolicy(path string) (*policy.Loaded, error) { return policy.Load(path, time.Now()) }

// policyEngine makes an engine with a policy; an empty path is none.
func policyEngine(path string, m *model.Model, confidence core.Confidence) (*core.Engine, error) {
	cfg := core.Config{Model: m, Confidence: confidence, Decompressors: decompress.All()}
	if path != "" {
		loaded, err := loadPolicy(path)
		if err != nil {
			return nil, err
		}
		cfg.Policy = loaded.Policy
	}
	engine, err := core.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("make the engine: %w", err)
	}
	return engine, nil
}

func newPolicyLintCommand() *cobra.Command {
	var strict bool
	cmd := &cobra.Command{
		Use:   "lint PATH",
		Short: "check a policy",
		Long: `Lint reads a policy as the engine does and prints everything wrong with it, with file, line and column:
unknown keys, wrong types, names that lead nowhere, rules that can never apply. A valid policy gets warnings
about what does not do what it seems to: keys that no wrapper enforces yet, exceptions that have expired.

The exit status is 2 if the policy is invalid, and with --strict also if there are warnings.`,
		Example: "  glacis policy lint policy.yaml\n  glacis policy lint --strict /etc/glacis/policy.d",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			loaded, err := loadPolicy(args[0])
			if err != nil {
				return fmt.Errorf("invalid:\n%w", err)
			}
			for _, w := range loaded.Warnings {
				fmt.Fprintln(cmd.OutOrStdout(), "warning:", w)
			}
			if strict && len(loaded.Warnings) > 0 {
				return fmt.Errorf("%d warnings", len(loaded.Warnings))
			}
			d := loaded.Document
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: valid, %d assets, %d exceptions, %d warnings\n",
				loaded.Policy.Version(), len(d.Assets), len(d.Exceptions), len(loaded.Warnings))
			return err
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings are errors")
	return cmd
}

func newPolicyTestCommand() *cobra.Command {
	var modelPath string
	cmd := &cobra.Command{
		Use:   "test PATH",
		Short: "run the test cases beside a policy",
		Long: `Test runs the cases in policy.test.yaml beside policy.yaml, or in the *.test.yaml of a directory:

  tests:
    - name: editors may post HTML
      request:
        method: POST
        uri: /cms/articles/7
        source: 192.0.2.7
        headers: {Host: shop.example, Content-Type: application/x-www-form-urlencoded}
        body: html=<b>new</b>
      expect: {action: pass, asset: shop, exceptions: {editor-html: applied}}

A request may have a body as text or, written as YAML, as json. What can be expected: action (pass, block, or
detect for what only the mode lets through), asset, mode, reason, family, location, confidence and the effects of
exceptions (applied, idle, expired); what is left out is not compared. The exit status is 2 if a case fails or
there is none.`,
		Example: "  glacis policy test policy.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := openModel(modelPath)
			if err != nil {
				return fmt.Errorf("--model: %w", err)
			}
			engine, err := policyEngine(args[0], m, core.ConfidenceNone)
			if err != nil {
				return err
			}
			return runCases(cmd.OutOrStdout(), engine, args[0])
		},
	}
	cmd.Flags().StringVar(&modelPath, "model", "", "model file; without it the embedded basic model")
	return cmd
}

func runCases(out io.Writer, engine *core.Engine, path string) error {
	files, err := policy.TestFiles(path)
	if err != nil {
		return err
	}
	failed, total := 0, 0
	for _, file := range files {
		cases, err := policy.ReadCases(file)
		if err != nil {
			return err
		}
		for i := range cases {
			total++
			differences, err := cases[i].Run(engine)
			if err != nil {
				return err
			}
			if len(differences) == 0 {
				continue
			}
			failed++
			fmt.Fprintf(out, "%s: %s\n", cases[i].Place(), cases[i].Name)
			for _, d := range differences {
				fmt.Fprintf(out, "  %s\n", d)
			}
		}
	}
	if total == 0 {
		return fmt.Errorf("there are no test cases beside %s (see glacis policy test --help)", path)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cases failed", failed, total)
	}
	_, err = fmt.Fprintf(out, "%d cases passed\n", total)
	return err
}

func newPolicyConvertCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "convert PATH",
		Short: "write an open-appsec policy in the native form",
		Long: `Convert reads an open-appsec policy, v1beta1 or v1beta2, as a file, a directory or Kubernetes resources, and
writes it in the native form. Every key that could not be taken over is reported on standard error with its line
and the reason. Nothing becomes laxer: an exception with a condition that has no counterpart is left out.`,
		Example: "  glacis policy convert /ext/appsec/local_policy.yaml >policy.yaml\n  glacis policy convert - <local_policy.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := args[0]
			if path == "-" {
				file, err := spool(cmd.InOrStdin())
				if err != nil {
					return err
				}
				defer os.Remove(file)
				path = file
			}
			doc, notes, err := policy.Convert(path)
			if err != nil {
				return fmt.Errorf("cannot be converted:\n%w", err)
			}
			for _, n := range notes {
				fmt.Fprintln(cmd.ErrOrStderr(), n)
			}
			text, err := policy.Write(doc)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
}

// spool copies standard input to a file, which the caller removes.
func spool(in io.Reader) (string, error) {
	f, err := os.CreateTemp("", "glacis-policy-*.yaml")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, io.LimitReader(in, 64<<20))
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return f.Name(), err
}

func newPolicySchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of policies, for editors",
		Long: `Schema prints the JSON Schema (draft 2020-12). Editors with the YAML language server use it after

  # yaml-language-server: $schema=glacis.schema.json

in the first line of a policy.`,
		Example: "  glacis policy schema >glacis.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(policy.Schema)
			return err
		},
	}
}
