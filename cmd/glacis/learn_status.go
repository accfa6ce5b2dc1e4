package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

func newLearnStatusCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "show how far a sidecar has learned each application",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var answer struct {
				Profile string              `json:"profile"`
				Members []string            `json:"sidecars"`
				Assets  []learn.AssetStatus `json:"assets"`
			}
			if done, err := f.get(cmd, "/v1/learning", &answer); done || err != nil {
				return err
			}
			rows := [][]string{{"ASSET", "LEARNING", "ENDPOINTS", "PARAMETERS", "CANDIDATES", "KIB", "MISSING"}}
			for _, a := range answer.Assets {
				level := fmt.Sprintf("%s %d%%", a.Maturity.Level, a.Maturity.Percent)
				if a.Frozen {
					level += " (frozen)"
				}
				rows = append(rows, []string{a.Name, level, fmt.Sprint(a.Endpoints), fmt.Sprint(a.Params), fmt.Sprint(a.Candidates), fmt.Sprint(a.Bytes >> 10), a.Maturity.Missing})
			}
			fmt.Fprintf(cmd.OutOrStdout(), "profile %s, sidecars %s\n", safetext.Terminal(answer.Profile), safetext.Terminal(strings.Join(answer.Members, ", ")))
			return printTable(cmd.OutOrStdout(), rows)
		},
	}
	f.registerPrint(cmd)
	return cmd
}

func newLearnItemsCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:     "items ASSET",
		Short:   "list the endpoints and parameters that a sidecar knows of an application",
		Example: "  glacis learn items shop",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var answer struct {
				Endpoints []learn.EndpointStatus `json:"endpoints"`
			}
			if done, err := f.get(cmd, "/v1/learning/items?asset="+url.QueryEscape(args[0]), &answer); done || err != nil {
				return err
			}
			rows := [][]string{{"METHOD", "ENDPOINT", "LEARNING", "SOURCES", "REQUESTS", "PARAMETERS", "MISSING"}}
			for _, e := range answer.Endpoints {
				rows = append(rows, []string{e.Method, e.Template, fmt.Sprintf("%s %d%%", e.Maturity.Level, e.Maturity.Percent), fmt.Sprint(e.Sources),
					fmt.Sprint(e.Requests), strings.Join(e.Params, " "), e.Maturity.Missing})
			}
			return printTable(cmd.OutOrStdout(), rows)
		},
	}
	f.registerPrint(cmd)
	return cmd
}

func newLearnAuditCommand() *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "list who decided what about what a sidecar learned, when, and on what evidence",
		Long: `Audit lists every change that was made to what a sidecar learned. Evidence is what was known of the indicator
or parameter when it was decided: sources, requests and windows, each the most in one period.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var answer struct {
				Entries []learn.Entry `json:"entries"`
			}
			if done, err := f.get(cmd, "/v1/learning/audit", &answer); done || err != nil {
				return err
			}
			rows := [][]string{{"WHEN", "WHO", "WHAT", "EVIDENCE", "ABOUT"}}
			for _, e := range answer.Entries {
				rows = append(rows, []string{time.Unix(e.When, 0).UTC().Format(time.RFC3339), e.Who, e.What, e.Grounds.String(), e.Detail})
			}
			return printTable(cmd.OutOrStdout(), rows)
		},
	}
	f.registerPrint(cmd)
	return cmd
}

// printTable prints rows in columns. Names come from traffic: what a terminal
// would obey is taken out.
func printTable(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			if row[i] = safetext.Terminal(row[i]); row[i] == "" {
				row[i] = "-"
			}
		}
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}
