package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/shadow"
)

func newModelCompareCommand() *cobra.Command {
	var f diffFlags
	var live string
	var asking askFlags
	cmd := &cobra.Command{
		Use:   "compare [--old FILE] --new FILE [REQUESTS...]",
		Short: "show where two models differ, on recorded requests or on live traffic",
		Long: `Compare inspects every request of the files with the old model and with the new one and prints each whose action
changes, as glacis policy diff does. A model that is left out is the embedded one.

With --live it asks a running glacis proxy with --shadow-model instead, with --sidecar a running glacis sidecar: how often
both models came to the same confidence, how many requests only one of them would block, and the latest differences, by
request id.`,
		Example: "  glacis model compare --new glacis-advanced-model.tgz traffic.har\n  glacis model compare --live http://127.0.0.1:9090\n" +
			"  glacis model compare --sidecar 127.0.0.1:9191",
		RunE: func(cmd *cobra.Command, files []string) error {
			if live == "" && asking.address == "" {
				if f.oldModel == f.newModel {
					return errors.New("give --new, --live or --sidecar")
				}
				return f.run(cmd, files)
			}
			if live != "" && asking.address != "" {
				return errors.New("--live and --sidecar: one of them")
			}
			if len(files) > 0 || f.newModel != "" || f.oldModel != "" {
				return errors.New("--live and --sidecar compare the models of a running program, and no files")
			}
			r, err := liveShadow(cmd.Context(), live, &asking)
			if err != nil {
				return err
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
	asking.register(cmd, "", "address of a glacis sidecar with a shadow model: host:port, https://… or unix:/path")
	flags.StringVar(&f.confidence, "confidence", "high", "confidence from which a request is blocked")
	flags.BoolVar(&f.asJSON, "json", false, "print JSON, of recorded requests one line each")
	f.input.register(cmd)
	completeWith(cmd, "confidence", "medium", "high", "critical")
	return cmd
}

// liveShadow asks a proxy at the address live, or else the sidecar of the flags,
// for its report.
func liveShadow(ctx context.Context, live string, sidecar *askFlags) (*shadow.Report, error) {
	flag, path := "--sidecar", "/v1/model/shadow"
	var c *ask.Client
	var err error
	if live != "" {
		flag, path = "--live", "/-/shadow"
		if c, err = ask.New(live, ask.Options{}); err != nil {
			return nil, fmt.Errorf("--live: %w", err)
		}
	} else if c, err = sidecar.client(); err != nil {
		return nil, err
	}
	r := &shadow.Report{}
	var status *ask.StatusError
	if err := c.Get(ctx, path, r); errors.As(err, &status) && status.Status == http.StatusNotFound {
		return nil, fmt.Errorf("%s: there is no shadow model (--shadow-model)", flag)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
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
