package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/train"
)

type trainFlags struct {
	attacks, benign []string
	corpora         string
	out, embed      string
	card, cardInto  string
	name, version   string
	created, kind   string
	slots           int
	epochs          int
	generated       int
	license         string
	sources         string
	summary         string
	quiet           bool
	reserve         bool
}

func newModelTrainCommand() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train --attacks FILE… --benign FILE… --out FILE",
		Short: "train a model on labelled requests",
		Long: `Train takes labelled requests (JSON Lines, gzip or not: one request a line with id, source, label,
method, uri, headers, body_b64 and, for attacks, payload and category) apart with the engine itself,
fits the tables, measures them on sources that were left out, and writes a model file: raw tables, or,
when the name ends in .tgz, an archive with a manifest, a licence and golden verdicts.

The same data and options give the same bytes.`,
		Example: `  glacis model train --corpora ../shared/corpora --out model.bin
  glacis model train --attacks mine-attacks.jsonl --benign mine.jsonl.gz --out model.tgz`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runTrain(cmd, &f) },
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.attacks, "attacks", nil, "files of attack requests")
	fl.StringSliceVar(&f.benign, "benign", nil, "files of benign requests")
	fl.StringVar(&f.corpora, "corpora", "", "directory with attack_*.jsonl.gz and benign_*.jsonl.gz")
	fl.StringVar(&f.out, "out", "", "model file to write; .tgz for an archive")
	fl.StringVar(&f.embed, "embed", "", "Go file to write the model into, as a constant")
	fl.StringVar(&f.card, "card", "", "file to write the measured tables to, in Markdown")
	fl.StringVar(&f.cardInto, "card-into", "", "file whose sections between markers are replaced by the measured tables (see models/README.md)")
	fl.StringVar(&f.summary, "summary", "", "file to write the training summary and metrics to, in JSON")
	fl.StringVar(&f.license, "license", "", "text of the licence for the archive; without it Apache-2.0")
	fl.StringVar(&f.sources, "sources", "", "JSON object that says what corpus files are: {\"attack_mine\": {\"licence\": …, \"what\": …, \"requests\": …}}")
	fl.StringVar(&f.name, "name", "custom", "name of the model")
	fl.StringVar(&f.version, "model-version", "1.0.0", "version of the model")
	fl.StringVar(&f.created, "created", "1970-01-01", "day that the model carries; it is part of the bytes")
	fl.StringVar(&f.kind, "kind", "basic", "basic or advanced")
	fl.IntVar(&f.slots, "slots", train.BasicSlots, "number of weights, 256 to 4194304, a multiple of 64")
	fl.BoolVar(&f.reserve, "reserve", false, "keep a part of the corpora out of calibration and measure it apart (see models/README.md)")
	fl.IntVar(&f.epochs, "epochs", 0, "passes over the data; 0 for the default")
	fl.IntVar(&f.generated, "generated", train.DefaultOptions().Generated, "samples of every built-in generator to train on as well; 0 for none")
	fl.BoolVar(&f.quiet, "quiet", false, "no progress on standard error")
	return cmd
}

func runTrain(cmd *cobra.Command, f *trainFlags) error {
	files := append(append([]string(nil), f.attacks...), f.benign...)
	if f.corpora != "" {
		for _, prefix := range []string{"attack_", "benign_"} {
			found, err := train.Files(f.corpora, prefix)
			if err != nil {
				return err
			}
			files = append(files, found...)
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("no training data: give --corpora, or --attacks and --benign")
	}
	if f.out == "" && f.embed == "" {
		return fmt.Errorf("nothing to write: give --out or --embed")
	}
	if f.kind != models.TypeBasic && f.kind != models.TypeAdvanced {
		return fmt.Errorf("--kind %q is neither %s nor %s", f.kind, models.TypeBasic, models.TypeAdvanced)
	}
	if _, err := time.Parse(time.DateOnly, f.created); err != nil {
		return fmt.Errorf("--created %q is not a day such as 2026-11-22", f.created)
	}
	license, err := readLicense(f.license)
	if err != nil {
		return err
	}
	sources, err := readSources(f.sources)
	if err != nil {
		return err
	}
	if f.cardInto != "" { // known before the work is done
		if _, err := fillCard(f.cardInto, f.name, "", ""); err != nil {
			return err
		}
	}
	o := train.DefaultOptions()
	o.Slots, o.Generated, o.Reserve = f.slots, f.generated, f.reserve
	if f.epochs > 0 {
		o.Epochs = f.epochs
	}
	if !f.quiet {
		o.Log = func(format string, args ...any) { fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...) }
	}
	set, err := train.LoadSet(files, &o)
	if err != nil {
		return err
	}
	res, err := train.Train(set, &o)
	if err != nil {
		return err
	}
	t := res.Tables
	t.Name, t.Version, t.Created, t.Kind = f.name, f.version, f.created, f.kind
	data, err := t.Encode()
	if err != nil {
		return err
	}
	c := &models.Contents{Tables: data, License: license, Summary: summarize(res, &o, sources)}
	for _, x := range c.Summary.Training.Sources {
		if want := sources[x.Name].Requests; want != 0 && want != x.Requests && o.Log != nil {
			o.Log("%s has %d requests, not the %d of %s", x.Name, x.Requests, want, f.sources)
		}
	}
	if err := f.writeCard(res, c, sources); err != nil {
		return err
	}
	return f.write(data, c)
}

// write writes the model and its summary where they were asked for.
func (f *trainFlags) write(data []byte, c *models.Contents) error {
	if f.summary != "" {
		text, err := c.Summary.Encode()
		if err == nil {
			err = os.WriteFile(f.summary, text, 0o644)
		}
		if err != nil {
			return fmt.Errorf("write summary: %w", err)
		}
	}
	if strings.HasSuffix(f.out, ".tgz") {
		if err := writeArchive(f.out, c); err != nil {
			return err
		}
	} else if f.out != "" {
		if err := os.WriteFile(f.out, data, 0o644); err != nil {
			return fmt.Errorf("write model: %w", err)
		}
	}
	if f.embed != "" {
		if err := os.WriteFile(f.embed, embedSource(f.embed, data), 0o644); err != nil {
			return fmt.Errorf("write model: %w", err)
		}
	}
	return nil
}

// embedSource writes the Go file that carries the model as a string constant.
func embedSource(path string, data []byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "// Code generated by \"glacis model train\"; DO NOT EDIT.\n\npackage %s\n\n", filepath.Base(filepath.Dir(path)))
	b.WriteString("// Model is the model in the format of models/FORMAT.md, base64.\nconst Model = \"\" +\n")
	text := base64.StdEncoding.EncodeToString(data)
	const line = 16 << 10
	for len(text) > line {
		fmt.Fprintf(&b, "\t\"%s\" +\n", text[:line])
		text = text[line:]
	}
	fmt.Fprintf(&b, "\t\"%s\"\n", text)
	return []byte(b.String())
}
