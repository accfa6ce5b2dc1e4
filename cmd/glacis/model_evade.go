package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/evade"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/eval"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/basic"
	"github.com/glacis-waf/glacis/models/train"
)

type evadeFlags struct {
	engine   engineFlags
	corpora  string
	examples string
	cardInto string
	json     bool
	quiet    bool
	options  evade.Options
}

func newModelEvadeCommand() *cobra.Command {
	var f evadeFlags
	cmd := &cobra.Command{
		Use:    "evade [flags] [FILE...]",
		Short:  "rewrite attacks, guided by the score, and say how many get through",
		Hidden: true, // for those who make models
		Long: `Evade draws distinct attack values from labelled requests (JSON Lines, gzip or not), takes those that
the engine blocks when they are sent as GET /?p= and, in turn, as a form field, and rewrites each in up
to --steps ways that keep its effect (case, comments, white space, other notations, one encoding or
wrapper, honest text), following the engine's score downwards. An attack counts as evading when the
engine lets the lowest scoring rewriting through. Then each is put into honest text of 10 bytes to
100 KB, before, after and on both sides, which must hide none.

The same files, model and options give the same report. --examples writes what got through as JSON
Lines: {"file","id","family","post","before","after","value","evading","hidden_by"}, with the scores
before and after, and the honest text that hid the value.`,
		Example: "  glacis model evade --corpora ../shared/corpora\n  glacis model evade --per-file 1000 --examples evading.jsonl mine.jsonl",
		RunE:    func(cmd *cobra.Command, files []string) error { return f.run(cmd, files) },
	}
	f.engine.register(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.corpora, "corpora", "", "directory whose attack_*.jsonl.gz are taken too")
	fl.StringVar(&f.examples, "examples", "", "write the evading values to this file")
	fl.StringVar(&f.cardInto, "card-into", "", "file whose section between \"<!-- evasion:begin NAME -->\" and its end is replaced, NAME being the model's")
	fl.BoolVar(&f.json, "json", false, "print the report as JSON")
	fl.BoolVar(&f.quiet, "quiet", false, "no progress on standard error")
	fl.Uint64Var(&f.options.Seed, "seed", 1, "seed of the sample and of the search")
	fl.IntVar(&f.options.PerFile, "per-file", 40, "blocked attacks to take of each file")
	fl.IntVar(&f.options.Steps, "steps", 100, "rewritings to try of each attack")
	fl.IntVar(&f.options.Workers, "workers", runtime.GOMAXPROCS(0), "attacks to work on at a time")
	return cmd
}

func (f *evadeFlags) run(cmd *cobra.Command, files []string) error {
	if f.options.PerFile < 1 || f.options.Steps < 0 || f.options.Workers < 1 {
		return errors.New("--per-file and --workers are 1 at least, --steps 0")
	}
	if f.corpora != "" {
		found, err := train.Files(f.corpora, "attack_")
		if err != nil {
			return err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return errors.New("no attacks: give --corpora or files")
	}
	target, report, err := f.target()
	if err != nil {
		return err
	}
	var all []evade.Outcome
	for _, file := range files {
		out, tried, err := evade.File(cmd.Context(), target, file, &f.options)
		if err != nil {
			return err
		}
		report.Add(eval.Stem(file), out, tried)
		all = append(all, out...)
		if !f.quiet {
			g := &report.Files[len(report.Files)-1]
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d of %d attacks got through\n", safetext.Terminal(g.Name), g.Evaded.Count, g.Blocked)
		}
	}
	if err := writeExamples(f.examples, all); err != nil {
		return err
	}
	if f.cardInto != "" {
		if err := f.fillCard(report); err != nil {
			return fmt.Errorf("--card-into: %w", err)
		}
	}
	if !f.json {
		return report.Print(cmd.OutOrStdout())
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// target makes the engine and an empty report on it.
func (f *evadeFlags) target() (*evade.Target, *evade.Report, error) {
	engine, err := f.engine.open()
	if err != nil {
		return nil, nil, err
	}
	m, err := openModel(f.engine.model)
	if err == nil && m == nil {
		var data []byte
		if data, err = base64.StdEncoding.DecodeString(basic.Model); err == nil {
			m, err = model.Load(data)
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--model: %w", err)
	}
	return evade.NewTarget(engine, m), &evade.Report{Model: engine.Model(), Confidence: f.engine.confidence,
		Seed: f.options.Seed, Steps: f.options.Steps, PerFile: f.options.PerFile}, nil
}

// fillCard puts the report into a model card.
func (f *evadeFlags) fillCard(r *evade.Report) error {
	text, err := os.ReadFile(f.cardInto)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(r.Model, " ")
	out, err := fill(string(text), "evasion", name, r.Markdown())
	if err != nil {
		return fmt.Errorf("%s: %w", f.cardInto, err)
	}
	return os.WriteFile(f.cardInto, []byte(out), 0o644)
}

// evasionExample is a line of --examples.
type evasionExample struct {
	File     string   `json:"file"`
	ID       string   `json:"id"`
	Family   string   `json:"family"`
	Post     bool     `json:"post"`
	Before   int      `json:"before"`
	After    int      `json:"after"`
	Value    string   `json:"value"`
	Evading  string   `json:"evading,omitempty"`
	HiddenBy []string `json:"hidden_by,omitempty"`
}

func newExample(x *evade.Outcome) evasionExample {
	e := evasionExample{File: x.File, ID: safetext.UTF8(x.ID), Family: x.Family, Post: x.Post,
		Before: int(x.Before), After: int(x.After), Value: safetext.UTF8(x.Value)}
	if x.Evaded {
		e.Evading = safetext.UTF8(x.Best)
	}
	for i, p := range evade.Paddings() {
		if x.Padded[i] == evade.Hid {
			e.HiddenBy = append(e.HiddenBy, fmt.Sprintf("%d %s", p.Bytes, p.Side))
		}
	}
	return e
}

// writeExamples writes the attacks that got through; without a path nothing.
func writeExamples(path string, all []evade.Outcome) error {
	if path == "" {
		return nil
	}
	out, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("--examples: %w", err)
	}
	buf := bufio.NewWriter(out)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	for i := range all {
		if e := newExample(&all[i]); (e.Evading != "" || e.HiddenBy != nil) && err == nil {
			err = enc.Encode(e)
		}
	}
	if err = firstError(err, buf.Flush(), out.Close()); err != nil {
		return fmt.Errorf("--examples: %w", err)
	}
	return nil
}
