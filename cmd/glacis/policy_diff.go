package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// diffFlags are the flags of "glacis policy diff".
type diffFlags struct {
	input                        inputFlags
	old, new, oldModel, newModel string
	confidence                   string
	asJSON, events               bool
}

// outcome is what becomes of a request under one policy and model.
type outcome struct {
	Action     string            `json:"action"`
	Asset      string            `json:"asset,omitempty"`
	Reason     string            `json:"reason,omitempty"`
	Confidence string            `json:"confidence"`
	Score      int               `json:"score"`
	Family     string            `json:"family"`
	Location   string            `json:"location,omitempty"`
	Exceptions map[string]string `json:"exceptions,omitempty"`
}

// change is a request that the new side treats otherwise.
type change struct {
	ID     string  `json:"id"`
	Method string  `json:"method"`
	Path   string  `json:"path"`
	Old    outcome `json:"old"`
	New    outcome `json:"new"`
}

func newPolicyDiffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff --old PATH --new PATH [FILE...]",
		Short: "replay recorded requests under two policies or models and show whose verdict changes",
		Long: `Diff inspects every request of the files twice, under the old policy and model and under the new ones, and
prints each request whose action changes: pass, block, or detect for what only the mode lets through. A policy
that is left out is none, a model that is left out the embedded basic model. Nothing is sent anywhere.

An access log holds no bodies and few headers, so attacks in them are not seen.

With --events the files are event logs of Glacis. They do not have the requests, but what was found in them: diff
decides about the findings again under both policies, and says what cannot be found out in this way.`,
		Example: "  glacis policy diff --old policy.yaml --new next.yaml traffic.har\n  glacis policy diff --new-model advanced.tgz --old p.yaml --new p.yaml requests.jsonl\n  glacis policy diff --old policy.yaml --new next.yaml --events /var/log/glacis/events.jsonl",
		RunE: func(cmd *cobra.Command, files []string) error {
			if f.events {
				return f.runEvents(cmd, files)
			}
			return f.run(cmd, files)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.old, "old", "", "policy in force; none if left out")
	flags.StringVar(&f.new, "new", "", "policy to compare; none if left out")
	flags.StringVar(&f.oldModel, "old-model", "", "model in force; without it the embedded basic model")
	flags.StringVar(&f.newModel, "new-model", "", "model to compare; without it the embedded basic model")
	flags.StringVar(&f.confidence, "confidence", "high", "confidence from which a request is blocked where there is no policy")
	flags.BoolVar(&f.events, "events", false, "the files are event logs: decide again about what was found")
	flags.BoolVar(&f.asJSON, "json", false, "print JSON Lines")
	f.input.register(cmd)
	completeWith(cmd, "confidence", "medium", "high", "critical")
	return cmd
}

// engines makes both engines.
func (f *diffFlags) engines() (was, will *core.Engine, err error) {
	confidence, ok := core.ParseConfidence(f.confidence)
	if !ok || confidence == core.ConfidenceNone {
		return nil, nil, fmt.Errorf("--confidence %q is none of medium, high, critical", f.confidence)
	}
	if f.old == f.new && f.oldModel == f.newModel {
		return nil, nil, errors.New("both sides are the same: give --old and --new, or --old-model and --new-model")
	}
	make := func(path, model string) *core.Engine {
		m, e := openModel(model)
		if e != nil {
			err = e
			return nil
		}
		engine, e := policyEngine(path, m, confidence)
		if e != nil {
			err = e
		}
		return engine
	}
	if was = make(f.old, f.oldModel); err != nil {
		return nil, nil, err
	}
	will = make(f.new, f.newModel)
	return was, will, err
}

func (f *diffFlags) run(cmd *cobra.Command, files []string) error {
	r, err := newReader(cmd, f.input, files)
	if err != nil {
		return err
	}
	was, will, err := f.engines()
	if err != nil {
		return err
	}
	r.engine = was
	out := cmd.OutOrStdout()
	requests, stricter, laxer := 0, 0, 0
	err = r.each(cmd.Context(), func(_ string, res *result) error {
		requests++
		next := will.Inspect(&res.request.HTTP)
		c := change{ID: safetext.UTF8(res.request.ID), Method: safetext.UTF8(res.request.HTTP.Method), Path: safetext.UTF8(withoutQuery(res.request.HTTP.URI)),
			Old: outcomeOf(&res.verdict), New: outcomeOf(&next)}
		if c.Old.Action == c.New.Action {
			return nil
		}
		if c.Old.Action == "block" || c.New.Action == "pass" {
			laxer++
		} else {
			stricter++
		}
		return c.print(out, f.asJSON)
	})
	var malformed malformedError
	if (err == nil || errors.As(err, &malformed)) && !f.asJSON {
		fmt.Fprintf(out, "%d requests, %d treated more strictly, %d less\n", requests, stricter, laxer)
	}
	return err
}

// withoutQuery is the path of a request target.
func withoutQuery(uri string) string {
	if i := strings.IndexAny(uri, "?#"); i >= 0 {
		return uri[:i]
	}
	return uri
}

func outcomeOf(v *core.Verdict) outcome {
	s := gateway.Settings{}.WithDefaults()
	o := outcome{Action: string(gateway.Decide(&s, v, "")), Asset: v.Asset, Reason: v.Reason, Confidence: v.Confidence.Name(),
		Score: v.Score, Family: v.Family.Name(), Location: safetext.UTF8(v.Location)}
	for _, m := range v.Exceptions {
		if o.Exceptions == nil {
			o.Exceptions = map[string]string{}
		}
		o.Exceptions[m.ID] = m.Effect
	}
	return o
}

func (c *change) print(out io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return enc.Encode(c)
	}
	_, err := fmt.Fprintf(out, "%s → %s  %s %s  (%s)\n    %s\n    %s\n", c.Old.Action, c.New.Action,
		safetext.Terminal(c.Method), safetext.Terminal(c.Path), safetext.Terminal(c.ID), c.Old.line("old"), c.New.line("new"))
	return err
}

func (o *outcome) line(side string) string {
	text := fmt.Sprintf("%s: score %d %s %s %s", side, o.Score, o.Confidence, o.Family, safetext.Terminal(o.Location))
	if o.Asset != "" {
		text += ", asset " + o.Asset
	}
	if o.Reason != "" {
		text += ", by " + o.Reason
	}
	for id, effect := range o.Exceptions {
		text += ", exception " + id + " " + effect
	}
	return text
}
