package main

import (
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/replay"
)

func newReplayCommand() *cobra.Command {
	var engine engineFlags
	var input inputFlags
	asJSON, top := false, 20
	cmd := &cobra.Command{
		Use:   "replay [flags] [FILE...]",
		Short: "sum up what would have been blocked in a HAR or an access log",
		Long: `Replay inspects recorded requests as a dry run and sums up what would have been blocked at
--confidence, grouped by endpoint (method and path, with numbers, UUIDs and hashes as {id}) and by the
place of the value that decided: how often, which share of the endpoint's requests, the most frequent
family, and the strongest score with its window. Nothing is sent anywhere.

An access log holds no bodies and few headers, so attacks in them are not seen.`,
		Example: `  glacis replay session.har
  zcat -f /var/log/nginx/access.log* | glacis replay --confidence medium
  glacis replay --json session.har | jq '.endpoints[] | select(.share > 0.01)'`,
		RunE: func(cmd *cobra.Command, files []string) error {
			r, err := newReader(cmd, input, files)
			if err != nil {
				return err
			}
			e, err := engine.open()
			if err != nil {
				return err
			}
			r.engine = e
			counter := replay.NewCounter()
			err = r.each(cmd.Context(), func(_ string, res *result) error {
				counter.Add(res.request.ID, &res.request.HTTP, res.verdict)
				return nil
			})
			var malformed malformedError
			if err != nil && !errors.As(err, &malformed) {
				return err
			}
			summary := counter.Summary(e.Model())
			summary.Malformed = r.malformed
			if !asJSON {
				return firstError(summary.Print(cmd.OutOrStdout(), top), err)
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return firstError(enc.Encode(summary), err)
		},
	}
	engine.register(cmd)
	input.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&top, "top", top, "endpoints to show, 0 for all")
	return cmd
}
