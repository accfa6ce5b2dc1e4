package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/bench"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
)

func newBenchCommand() *cobra.Command {
	var engine engineFlags
	input := inputFlags{workers: 1}
	asJSON := false
	opt := bench.Options{}
	cmd := &cobra.Command{
		Use:   "bench [flags] FILE...",
		Short: "time the engine on one core, by kind of request",
		Long: `Bench parses all requests first, then times their inspection on one core, grouped by the member
"kind" of each request (else its category): the best of several passes after a warm-up, and the heap
allocations per request. With --json it prints

  {"kinds":[{"kind","requests","us_per_request","bytes_per_second","allocs_per_request"}]}`,
		Example: `  glacis bench bench_requests.jsonl
  glacis bench --json --passes 10 bench_requests.jsonl`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			if opt.Passes < 1 || opt.PassTime <= 0 {
				return errors.New("--passes and --pass-time must be positive")
			}
			r, err := newReader(cmd, input, files)
			if err != nil {
				return err
			}
			e, err := engine.open()
			if err != nil {
				return err
			}
			var requests []request.Request
			err = r.each(cmd.Context(), func(_ string, res *result) error {
				requests = append(requests, res.request)
				return nil
			})
			var malformed malformedError
			if err != nil && !errors.As(err, &malformed) {
				return err
			}
			report := bench.Run(e, requests, opt)
			if !asJSON {
				return firstError(report.Print(cmd.OutOrStdout()), err)
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", "  ")
			if encErr := enc.Encode(report); encErr != nil {
				return fmt.Errorf("write the report: %w", encErr)
			}
			return err
		},
	}
	engine.register(cmd)
	input.registerFormat(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&opt.Passes, "passes", 5, "passes per kind; the best counts")
	cmd.Flags().DurationVar(&opt.PassTime, "pass-time", 100*time.Millisecond, "least duration of a pass")
	return cmd
}
