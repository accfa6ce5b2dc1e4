package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/explain"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
)

// errFound ends the reading once the request to explain has been read.
var errFound = errors.New("found")

func newExplainCommand() *cobra.Command {
	var engine engineFlags
	input := inputFlags{workers: 1}
	var id, color string
	line := 0
	cmd := &cobra.Command{
		Use:   "explain [flags] [FILE]",
		Short: "show one request as a tree: values, decoding, scores, what weighed most",
		Long: `Explain shows one request as a tree of its values: where each was found and how it was decoded, its
score, confidence and family, the window that decided, and the tokens that weighed most, in nats of
log-odds. The window is red on a terminal and in [[...]] elsewhere; "-" means that nothing in the
value was worth scoring.

Of an input with several requests the first is shown, or the one chosen by --id or --line.`,
		Example: `  glacis explain request.txt
  glacis explain --id attack-17 requests.jsonl.gz
  echo "curl 'http://shop.test/?q=%3Csvg/onload=x%3E'" | glacis explain`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			style, err := styleOf(color, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			r, err := newReader(cmd, input, files)
			if err != nil {
				return err
			}
			e, err := engine.open()
			if err != nil {
				return err
			}
			var found request.Request
			err = r.each(cmd.Context(), func(_ string, res *result) error {
				if id != "" && res.request.ID != id || line > 0 && res.line != line {
					return nil
				}
				found = res.request
				return errFound
			})
			switch {
			case err == nil:
				return errors.New("no such request in the input")
			case err != errFound:
				return err
			}
			return explain.Render(cmd.OutOrStdout(), &found, e.Inspect(&found.HTTP), e.Trace(&found.HTTP), style)
		},
	}
	engine.register(cmd)
	input.registerFormat(cmd)
	cmd.Flags().StringVar(&id, "id", "", "explain the request of this id")
	cmd.Flags().IntVar(&line, "line", 0, "explain the request that begins on this line")
	cmd.Flags().StringVar(&color, "color", "auto", "auto, always or never; NO_COLOR in the environment means never")
	completeWith(cmd, "color", "auto", "always", "never")
	return cmd
}

// styleOf chooses how the window is marked.
func styleOf(color string, out io.Writer) (explain.Style, error) {
	switch color {
	case "always":
		return explain.ANSI, nil
	case "never":
		return explain.Brackets, nil
	case "auto":
		f, ok := out.(*os.File)
		if ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd())) {
			return explain.ANSI, nil
		}
		return explain.Brackets, nil
	}
	return explain.Style{}, fmt.Errorf("--color %q is none of auto, always, never", color)
}
