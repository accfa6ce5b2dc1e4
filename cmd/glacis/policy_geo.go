package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/internal/watch"
	"github.com/glacis-waf/glacis/policy/country"
)

// geoInterval is how often the file of a database of countries is looked at.
const geoInterval = 10 * time.Second

// geoFlags are the flags of programs that know countries.
type geoFlags struct{ path string }

func (f *geoFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.path, "geo-database", "", "database of countries (MaxMind DB file) for the protection geo of a policy; a new file is taken when it is there")
}

// open opens the database, nil for none, and follows its file until ctx ends.
func (f *geoFlags) open(ctx context.Context, log *slog.Logger) (*country.Database, error) {
	if f.path == "" {
		return nil, nil
	}
	d, err := country.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("--geo-database: %w", err)
	}
	go watch.Poll(ctx, geoInterval, func(context.Context) (bool, error) { return d.Check() }, func(err error) {
		if err != nil {
			log.Error("the database of countries was not reloaded, the old one stays in force", "error", err)
			return
		}
		log.Info("database of countries reloaded", "file", f.path)
	})
	return d, nil
}
