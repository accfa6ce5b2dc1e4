package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/shadow"
)

func newModelCompareCommand() *cobra.Command {
	var f diffFlags
	var live string
	cmd := &cobra.Command{
		Use:   "compare [--old FILE] --new FILE [REQUESTS...]",
		Short: "show where two models differ, on recorded requests or on live traffic",
		Long: `Compare inspects every request of the files with the old model and with the new one and prints each whose action
changes, as glacis policy diff does. A model that is left out is the embedded one.

With --live it asks a running glacis proxy --shadow-model instead: how often both models came to the same confidence,
how many requests only one of them would block, and the latest differences, by request id.`,
		Example: "  glacis model compare --new glacis-advanced-model.tgz traffic.har\n  glacis model compare --live http://127.0.0.1:9090",
		RunE: func(cmd *cobra.Command, files []string) error {
			if live == "" {
				if f.oldModel == f.newModel {
					return errors.New("give --new, or --live")
				}
				return f.run(cmd, files)
			}
			if len(files) > 0 || f.newModel != "" || f.oldModel != "" {
				return errors.New("--live compares the models of the running proxy, and no files")
			}
			r, err := fetchShadow(cmd.Context(), live)
			if err != nil {
				return fmt.Errorf("--live: %w", err)
			}
			if f.asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r)
			}
			return printShadow(cmd.OutOrStdout(), r)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.oldModel, "old", "", "model in force; without it the embedded model")
	flags.StringVar(&f.newModel, "new", "", "model to compare")
	flags.StringVar(&live, "live", "", "address of the metrics listener of a glacis proxy with a shadow model")
	flags.StringVar(&f.confidence, "confidence", "high", "confidence from which a request is blocked")
	flags.BoolVar(&f.asJSON, "json", false, "print JSON, of recorded requests one line each")
	f.input.register(cmd)
	completeWith(cmd, "confidence", "medium", "high", "critical")
	return cmd
}

// maxShadow bounds the report that is read, in bytes.
const maxShadow = 1 << 20

// fetchShadow asks a proxy for its report.
func fetchShadow(ctx context.Context, base string) (*shadow.Report, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q: want http://host:port", base)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("/-/shadow").String(), nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s has no shadow model (--shadow-model)", u.Host)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", u.Host, res.StatusCode)
	}
	r := &shadow.Report{}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxShadow)).Decode(r); err != nil {
		return nil, fmt.Errorf("%s: %w", u.Host, err)
	}
	return r, nil
}

// printShadow prints a report as text.
func printShadow(out io.Writer, r *shadow.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "shadow model\t%s\ncompared\t%d of %d sampled (%d too long, %d dropped, %d failed)\nonly it would block\t%d\nonly it would pass\t%d\n\n",
		safetext.Terminal(r.Model), r.Compared, r.Sampled, r.Partial, r.Dropped, r.Failed, r.Blocks, r.Passes)
	fmt.Fprint(w, "in force \\ shadow")
	for c := core.ConfidenceNone; c <= core.ConfidenceCritical; c++ {
		fmt.Fprintf(w, "\t%s", c.Name())
	}
	for was, row := range r.Confidence {
		fmt.Fprintf(w, "\n%s", core.Confidence(was).Name())
		for _, n := range row {
			fmt.Fprintf(w, "\t%d", n)
		}
	}
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, d := range r.Differences {
		if _, err := fmt.Fprintf(out, "\n%s  %s → %s  (%s)\n    old: score %d %s %s %s\n    new: score %d %s %s %s\n", d.Time.Format(time.RFC3339),
			safetext.Terminal(d.Old.Action), safetext.Terminal(d.New.Action), safetext.Terminal(d.RequestID),
			d.Old.Score, safetext.Terminal(d.Old.Confidence), safetext.Terminal(d.Old.Family), safetext.Terminal(d.Old.Location),
			d.New.Score, safetext.Terminal(d.New.Confidence), safetext.Terminal(d.New.Family), safetext.Terminal(d.New.Location)); err != nil {
			return err
		}
	}
	return nil
}
