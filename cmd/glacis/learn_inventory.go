package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/decompress"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/learn/simulate"
)

// teachFlags are the flags of commands that learn from recorded traffic.
type teachFlags struct {
	learnSimulateFlags
	times int
}

func (f *teachFlags) register(cmd *cobra.Command) {
	f.confidence = core.ConfidenceHigh.Name()
	f.options = simulate.Default()
	f.input.register(cmd)
	cmd.Flags().IntVar(&f.times, "times", 20, "how often the recording is played, each time by other simulated networks")
	cmd.Flags().StringVar(&f.model, "model", "", "model file; without it the embedded basic model")
}

// teach reads the files and learns from them.
func (f *teachFlags) teach(cmd *cobra.Command, files []string) (*learn.Learner, error) {
	if f.times < 1 {
		return nil, errors.New("--times must be positive")
	}
	m, err := openModel(f.model)
	if err != nil {
		return nil, fmt.Errorf("--model: %w", err)
	}
	f.options.Engine = core.Config{Model: m, Decompressors: decompress.All()}
	var stream []core.Request
	if err := f.read(cmd, files, func(res *result) { stream = append(stream, res.request.HTTP) }); err != nil {
		return nil, err
	}
	f.options.Benign = max(1, min(6000, len(stream)))
	return simulate.Teach(f.options, stream, f.times)
}

func newLearnOpenAPICommand() *cobra.Command {
	var f teachFlags
	cmd := &cobra.Command{
		Use:   "openapi [flags] [FILE...]",
		Short: "write the API inventory of recorded traffic as an OpenAPI 3.1 document",
		Long: `Openapi learns endpoints and parameters from recorded requests, such as those of a test run, and writes
them as an OpenAPI 3.1 document in JSON. Parameters whose name looks as if their values were secret or
personal carry "x-glacis-sensitive". What a single endpoint of the recording says is believed: use it on
traffic that is your own.`,
		Example: `  glacis learn openapi session.har > openapi.json`,
		RunE: func(cmd *cobra.Command, files []string) error {
			l, err := f.teach(cmd, files)
			if err != nil {
				return err
			}
			doc, err := l.OpenAPI("stream")
			if err != nil {
				return err
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return enc.Encode(doc)
		},
	}
	f.register(cmd)
	return cmd
}

func newLearnSuggestCommand() *cobra.Command {
	var f teachFlags
	cmd := &cobra.Command{
		Use:   "suggest [flags] [FILE...]",
		Short: "suggest policy exceptions for the findings in recorded traffic",
		Long: `Suggest learns from recorded requests and prints, ranked by requests a day, the findings that learning
does not settle alone, each with the exact policy exception that would. Examples are masked: letters
are "a", digits "9". Look at each before you use it.`,
		Example: `  glacis learn suggest stream.jsonl.gz`,
		RunE: func(cmd *cobra.Command, files []string) error {
			l, err := f.teach(cmd, files)
			if err != nil {
				return err
			}
			for i, s := range l.Suggestions() {
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "# %d. %s %s %s: %s (%s), about %d requests a day of %d sources\n#    %s; for example %q\n%s\n",
					i+1, s.Method, s.Template, s.Location, s.Family, s.Level, s.Requests, s.Sources, s.Reason, s.Examples, s.Policy)
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	f.register(cmd)
	return cmd
}
