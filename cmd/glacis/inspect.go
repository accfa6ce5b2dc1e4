package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/verdict"
)

func newInspectCommand() *cobra.Command {
	var engine engineFlags
	var input inputFlags
	cmd := &cobra.Command{
		Use:   "inspect [flags] [FILE...]",
		Short: "print one verdict per request as JSON Lines",
		Long: `Inspect reads requests from files or standard input and prints one verdict per request as JSON Lines:

  {"id","action","confidence","score","family","location","window","uninspected_bytes","model"}

The action is "block" when the confidence reaches --confidence; the confidence itself ("none",
"medium", "high", "critical") is reported whatever the action. The score is 0 to 100; 50, 75 and 90
are where the three levels begin. Bytes of the window that are not UTF-8 are written as \xHH.

A malformed record is reported with file and line on standard error; the rest goes on, and the exit
status is then 1. Requests without an id are called file:line.`,
		Example: `  glacis inspect requests.jsonl.gz
  glacis inspect --format combined /var/log/nginx/access.log | jq -r 'select(.action=="block")'
  echo "curl 'http://shop.test/?q=1%27%20or%201=1'" | glacis inspect`,
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
			out := &idleFlusher{w: bufio.NewWriterSize(cmd.OutOrStdout(), 64<<10)}
			var line []byte
			err = r.each(cmd.Context(), func(_ string, res *result) error {
				line = verdict.New(res.request.ID, res.verdict).Append(line[:0])
				return out.write(line)
			})
			return firstError(out.flush(), err)
		},
	}
	engine.register(cmd)
	input.register(cmd)
	return cmd
}

// firstError returns the first error that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
