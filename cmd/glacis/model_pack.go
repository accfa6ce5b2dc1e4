package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models"
)

// packFlags are what an archive needs besides the tables.
type packFlags struct {
	tables, out      string
	license, summary string
	minimum          string
}

func newModelPackCommand() *cobra.Command {
	var f packFlags
	cmd := &cobra.Command{
		Use:   "pack --tables FILE --out FILE.tgz",
		Short: "make an archive of model tables",
		Long: `Pack writes an archive with the tables, a manifest, a licence, and the verdicts of this engine on its
golden requests. The same input gives the same bytes. Name, version and type come from the tables.`,
		Example: `  glacis model pack --tables model.bin --out model.tgz
  glacis model pack --tables model.bin --summary model.json --license LICENSE --out model.tgz`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runPack(&f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.tables, "tables", "", "raw model tables, as train writes them")
	fl.StringVar(&f.out, "out", "", "archive to write")
	fl.StringVar(&f.license, "license", "", "text of the licence; without it Apache-2.0")
	fl.StringVar(&f.summary, "summary", "", "training summary and metrics (JSON), as train --summary writes them")
	fl.StringVar(&f.minimum, "minimum-engine", "", "lowest engine version that may load the model; without it this one's")
	return cmd
}

func runPack(f *packFlags) error {
	if f.tables == "" || f.out == "" {
		return errors.New("give --tables and --out")
	}
	c := models.Contents{MinimumEngineVersion: f.minimum}
	var err error
	if c.Tables, err = os.ReadFile(f.tables); err != nil {
		return fmt.Errorf("--tables: %w", err)
	}
	if c.License, err = readLicense(f.license); err != nil {
		return err
	}
	if f.summary != "" {
		data, err := os.ReadFile(f.summary)
		if err != nil {
			return fmt.Errorf("--summary: %w", err)
		}
		s, err := models.ParseSummary(data)
		if err != nil {
			return fmt.Errorf("--summary: %s: %w", f.summary, err)
		}
		c.Summary = *s
	}
	return writeArchive(f.out, &c)
}

// readLicense reads the text of a licence; without a path it is empty, the
// repository's own.
func readLicense(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	if err == nil && len(text) == 0 {
		err = fmt.Errorf("%s is empty", path)
	}
	if err != nil {
		return "", fmt.Errorf("--license: %w", err)
	}
	return string(text), nil
}

// writeArchive packs and writes: a file comes into being only when all went
// well.
func writeArchive(path string, c *models.Contents) error {
	var b bytes.Buffer
	if err := models.Pack(&b, c); err != nil {
		return err
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}
