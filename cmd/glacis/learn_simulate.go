package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/decompress"
	"github.com/glacis-waf/glacis/sidecar/learn/simulate"
)

// learnSimulateFlags are the flags of learn simulate.
type learnSimulateFlags struct {
	input      inputFlags
	confidence string
	model      string
	attacks    []string
	json       bool
	options    simulate.Options
}

func newLearnSimulateCommand() *cobra.Command {
	f := learnSimulateFlags{options: simulate.Default()}
	cmd := &cobra.Command{
		Use:   "simulate [flags] [FILE...]",
		Short: "play traffic with a simulated clock and measure what learning changes",
		Long: `Simulate plays the requests of the files again and again, in their order, as honest traffic from many
simulated networks, mixes attacks of --attacks into their parameters from a few hostile networks, and
moves a simulated clock. Engine, observations, learner and snapshots are the real ones.

It prints, per window, the false positives and the detected attacks with the profile learned so far, and
the attacks that the model alone detects; then the part of the stream that was held out of learning,
before and after, and rewritten attacks (models/augment) on endpoints that are known well.

The shipped model was trained on most public collections, so its rates on them flatter. What learning
changes is measured between two runs of the same model.`,
		Example: `  glacis learn simulate --attacks corpora/attack_mgm.jsonl.gz corpora/stream_foreman_api.jsonl.gz
  glacis learn simulate --hours 48 --window 30m --json stream.jsonl | jq .fresh`,
		RunE: func(cmd *cobra.Command, files []string) error { return f.run(cmd, files) },
	}
	f.input.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.confidence, "confidence", core.ConfidenceHigh.Name(), "confidence from which a request is blocked: medium, high or critical")
	flags.StringVar(&f.model, "model", "", "model file, an archive (.tgz) or raw tables; without it the embedded basic model")
	flags.StringSliceVar(&f.attacks, "attacks", nil, "files of attacks with payloads, in the corpus format")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	o := &f.options
	flags.IntVar(&o.Hours, "hours", o.Hours, "simulated hours")
	flags.DurationVar(&o.Learn.Window, "window", 0, "window of learning, 1m to 24h (default 10m)")
	flags.IntVar(&o.Benign, "requests", o.Benign, "honest requests in a window")
	flags.IntVar(&o.Attacks, "attacks-per-window", o.Attacks, "attacks in a window")
	flags.IntVar(&o.Users, "users", o.Users, "honest networks")
	flags.IntVar(&o.Attackers, "attackers", o.Attackers, "hostile networks")
	flags.IntVar(&o.Answered, "answered", o.Answered, "part of the attacks that pass which the application answers 200, in percent")
	flags.IntVar(&o.Holdout, "holdout", o.Holdout, "part of the stream, at its end, that is never learned from, in percent")
	flags.IntVar(&o.Accept, "accept-suggestions", 0, "of so many suggestions, the first of the list at half time, those that 12 established networks stand behind are accepted")
	flags.Int64Var(&o.Seed, "seed", o.Seed, "seed of all that is random")
	completeWith(cmd, "confidence", "medium", "high", "critical")
	return cmd
}

func (f *learnSimulateFlags) run(cmd *cobra.Command, files []string) error {
	o := f.options
	if o.Hours < 1 || o.Benign < 1 || o.Users < 1 || o.Attackers < 1 || o.Holdout < 0 || o.Holdout > 90 {
		return errors.New("--hours, --requests, --users and --attackers must be positive, --holdout 0 to 90")
	}
	confidence, ok := core.ParseConfidence(f.confidence)
	if !ok || confidence == core.ConfidenceNone {
		return fmt.Errorf("--confidence %q is none of medium, high, critical", f.confidence)
	}
	m, err := openModel(f.model)
	if err != nil {
		return fmt.Errorf("--model: %w", err)
	}
	o.Engine = core.Config{Model: m, Confidence: confidence, Decompressors: decompress.All()}
	var stream []core.Request
	if err := f.read(cmd, files, func(res *result) { stream = append(stream, res.request.HTTP) }); err != nil {
		return err
	}
	var attacks []simulate.Attack
	if len(f.attacks) > 0 {
		err := f.read(cmd, f.attacks, func(res *result) {
			if r := &res.request; r.Payload != "" && !r.Weak && len(r.Payload) < 4096 {
				attacks = append(attacks, simulate.Attack{Payload: r.Payload, Family: familyOf(r.Category)})
			}
		})
		if err != nil {
			return err
		}
	}
	report, err := simulate.Run(o, stream, attacks)
	if err != nil {
		return err
	}
	if f.json {
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	return report.Print(cmd.OutOrStdout())
}

// read hands over all requests of the files.
func (f *learnSimulateFlags) read(cmd *cobra.Command, files []string, use func(*result)) error {
	r, err := newReader(cmd, f.input, files)
	if err != nil {
		return err
	}
	err = r.each(context.WithoutCancel(cmd.Context()), func(_ string, res *result) error {
		use(res)
		return nil
	})
	var malformed malformedError
	if errors.As(err, &malformed) {
		return nil
	}
	return err
}

// familyOf maps a corpus category to the name of a family, for rewriting.
func familyOf(category string) string {
	switch category {
	case "lfi":
		return "traversal"
	case "rce", "shellshock":
		return "cmdi"
	case "rfi", "redirect":
		return "ssrf"
	case "ssti", "ognl":
		return "template"
	case "proto", "ssi":
		return "code"
	}
	return category
}
