package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

func newLearnSuggestionsCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:   "suggestions",
		Short: "list what a sidecar suggests to settle, and settle it",
		Long: `Suggestions lists, ranked by requests a day, the findings that learning does not settle alone, each with its
name and the exact policy exception that would settle it. Examples are masked: letters are "a", digits "9".`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var answer suggestions
			if done, err := f.get(cmd, "/v1/learning/suggestions", &answer); done || err != nil {
				return err
			}
			return answer.print(cmd.OutOrStdout())
		},
	}
	f.registerPrint(cmd)
	cmd.AddCommand(newSettleCommand("accept", learn.Confirm, "have the indicators of a suggestion discounted from the next window on",
		`Accept confirms the indicators of the suggestion at its parameter, and only those: their finding is discounted there,
even when it is critical. It is listed by "glacis learn audit", exported, and ends with --for or "glacis learn revoke".`),
		newSettleCommand("dismiss", learn.Dismiss, "take a suggestion off the list and change nothing else",
			`Dismiss takes the indicators of the suggestion off the list. Verdicts stay as they are.`))
	return cmd
}

// suggestions is the sidecar's answer.
type suggestions struct {
	Suggestions []learn.Suggestion `json:"suggestions"`
}

func (s *suggestions) print(w io.Writer) error {
	for i, x := range s.Suggestions {
		_, err := fmt.Fprintf(w, "# %d. %s\n#    %s %s %s %s: %s (%s), about %d requests a day of %d sources\n#    %s; for example %q\n%s\n", i+1, x.ID,
			safetext.Terminal(x.Asset), safetext.Terminal(x.Method), safetext.Terminal(x.Template), safetext.Terminal(x.Location),
			x.Family, x.Level, x.Requests, x.Sources, x.Reason, x.Examples, x.Policy)
		if err != nil {
			return err
		}
	}
	return nil
}

// find returns the suggestion of a name.
func (s *suggestions) find(id string) (*learn.Suggestion, error) {
	for i := range s.Suggestions {
		if s.Suggestions[i].ID == id {
			return &s.Suggestions[i], nil
		}
	}
	names := make([]string, 0, len(s.Suggestions))
	for _, x := range s.Suggestions {
		names = append(names, x.ID)
	}
	return nil, fmt.Errorf("there is no suggestion %q (there are: %s)", id, strings.Join(names, ", "))
}

// newSettleCommand makes the command that decides about all indicators of a
// suggestion.
func newSettleCommand(name, action, short, long string) *cobra.Command {
	var f learnAskFlags
	var lasts time.Duration
	cmd := &cobra.Command{
		Use:     name + " NAME",
		Short:   short,
		Long:    long,
		Example: "  glacis learn suggestions " + name + " learned-sqli-1a2b3c4d --why \"titles of SQL courses\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if lasts < 0 {
				return fmt.Errorf("--for %v is negative", lasts)
			}
			var answer suggestions
			if _, err := f.get(cmd, "/v1/learning/suggestions", &answer); err != nil {
				return err
			}
			s, err := answer.find(args[0])
			if err != nil {
				return err
			}
			d := learn.Decision{Action: action, Who: f.who, Why: f.why}
			if lasts > 0 {
				d.Expires = time.Now().Add(lasts).Unix()
			}
			for _, d := range s.Settle(d) {
				if err := f.post(cmd, "/v1/learning/decisions", &d); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %d indicators\n", s.ID, action, len(s.Indicators))
			return err
		},
	}
	f.registerChange(cmd)
	cmd.Flags().StringVar(&f.why, "why", "", "reason, for the audit trail")
	cmd.Flags().DurationVar(&lasts, "for", 0, "how long the decision lasts, as in 2160h (default for ever)")
	return cmd
}
