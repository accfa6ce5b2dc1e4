package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/eval"
)

// evalFlags are the flags of eval.
type evalFlags struct {
	engine   engineFlags
	input    inputFlags
	json     bool
	weak     bool
	label    string
	failures string
	options  eval.Options
}

func newEvalCommand() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval [flags] FILE...",
		Short: "measure true and false positives on labelled requests",
		Long: `Eval inspects requests that carry a label ("attack" or "benign") and prints, per file and per
category, how many were found at each confidence: true positives of attacks, false positives of
benign requests, with 95 % Wilson intervals. Then the means over files, because a pooled rate is that
of the largest file, and operating points: the true positives at the score that keeps the headline
files (recorded traffic) at 1 %, 0.1 % and 0.01 % false positives.

Lines marked "weak" (not visible as an attack from the value alone) are left out unless --weak.
--failures writes each missed attack and each false positive at --confidence as JSON Lines:
{"file","id","label","category","score","confidence","family","location","window","payload"}.`,
		Example: `  glacis eval corpora/*.jsonl.gz
  glacis eval --json corpora/*.jsonl.gz | jq .macro.high
  glacis eval --failures failures.jsonl corpora/benign_har.jsonl.gz
  glacis eval --label benign --format combined access.log`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error { return f.run(cmd, files) },
	}
	f.engine.register(cmd)
	f.input.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print the report as JSON")
	flags.BoolVar(&f.weak, "weak", false, "count weak lines too")
	flags.StringVar(&f.label, "label", "", "label of requests that carry none: attack or benign")
	flags.StringVar(&f.failures, "failures", "", "write what was judged wrongly to this file")
	flags.StringSliceVar(&f.options.Headline, "headline", []string{"har", "cassettes", "logs"}, "benign files of the headline rate")
	flags.StringSliceVar(&f.options.Apart, "apart", []string{"sqlapi", "secprose"}, "benign files left out of the averages (dual use)")
	completeWith(cmd, "label", eval.Attack, eval.Benign)
	return cmd
}

func (f *evalFlags) run(cmd *cobra.Command, files []string) (err error) {
	if f.label != "" && f.label != eval.Attack && f.label != eval.Benign {
		return fmt.Errorf("--label %q is neither attack nor benign", f.label)
	}
	r, err := newReader(cmd, f.input, files)
	if err != nil {
		return err
	}
	if r.engine, err = f.engine.open(); err != nil {
		return err
	}
	failures, closeFailures, err := f.openFailures()
	if err != nil {
		return err
	}
	counter := eval.NewCounter()
	use := func(file string, res *result) error {
		label := res.request.Label
		if label == "" {
			label = f.label
		}
		if res.request.Weak && !f.weak {
			counter.Weak++
			return nil
		}
		counter.Add(file, label, res.request.Category, res.verdict)
		return failures(file, label, res)
	}
	err = r.each(cmd.Context(), use)
	if closeErr := closeFailures(); closeErr != nil {
		return closeErr
	}
	var malformed malformedError
	if err != nil && !errors.As(err, &malformed) {
		return err
	}
	report := counter.Report(r.engine.Model(), f.options)
	report.Malformed = r.malformed
	return firstError(f.print(cmd, report), err)
}

func (f *evalFlags) print(cmd *cobra.Command, report *eval.Report) error {
	if !f.json {
		return report.Print(cmd.OutOrStdout())
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// openFailures opens the file of failures. write writes the result if it is
// one.
func (f *evalFlags) openFailures() (write func(file, label string, res *result) error, closeFile func() error, err error) {
	if f.failures == "" {
		return func(string, string, *result) error { return nil }, func() error { return nil }, nil
	}
	out, err := os.Create(f.failures)
	if err != nil {
		return nil, nil, fmt.Errorf("--failures: %w", err)
	}
	buf := bufio.NewWriter(out)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	write = func(file, label string, res *result) error {
		failure, ok := eval.NewFailure(file, label, &res.request, res.verdict)
		if !ok {
			return nil
		}
		return enc.Encode(failure)
	}
	return write, func() error { return firstError(buf.Flush(), out.Close()) }, nil
}
