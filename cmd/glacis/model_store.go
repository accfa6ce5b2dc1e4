package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

func newModelListCommand() *cobra.Command {
	var store string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the installed models",
		Long: `List shows the versions in the store: the one in force (*), the one that glacis model rollback comes to (<), and
where each came from. A store keeps the last five.`,
		Example: "  glacis model list\n  glacis model list --json --store /srv/models",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := delivery.OpenStore(delivery.Places{Store: store}.StoreDir()).List()
			if err != nil {
				return fmt.Errorf("list models: %w", err)
			}
			return printVersions(cmd.OutOrStdout(), list, asJSON)
		},
	}
	cmd.Flags().StringVar(&store, "store", "", storeUsage)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printVersions(out io.Writer, list []delivery.Version, asJSON bool) error {
	if asJSON {
		if list == nil {
			list = []delivery.Version{}
		}
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, "no model is installed")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, v := range list {
		mark := " "
		if v.Current {
			mark = "*"
		} else if v.Previous {
			mark = "<"
		}
		fmt.Fprintf(w, "%s %s\t%s\n", mark, v.ID, safetext.Terminal(v.Origin))
	}
	return w.Flush()
}

// installFlags are those of the commands that put a model into the store.
type installFlags struct {
	trustFlags
	store string
	older bool
}

func (f *installFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.store, "store", "", storeUsage)
	cmd.Flags().BoolVar(&f.older, "allow-older", false, "also install a version older than the one in force")
	f.trustFlags.register(cmd)
}

// install checks a package and puts it in force in the store.
func (f *installFlags) install(out io.Writer, p *delivery.Package) error {
	trust, err := f.trust()
	if err != nil {
		return err
	}
	m, err := trust.Open(p)
	if err != nil {
		return err
	}
	if m.Report.Manifest == nil {
		return errors.New("raw tables have no place in a store: pack them (glacis model pack)")
	}
	store := delivery.OpenStore(delivery.Places{Store: f.store}.StoreDir())
	if !f.older {
		if err := notOlder(store, m); err != nil {
			return err
		}
	}
	id, err := store.Install(m)
	if err != nil {
		return err
	}
	signer := "not signed"
	if m.Signer != "" {
		signer = "signed by " + m.Signer
	}
	_, err = fmt.Fprintf(out, "%s is in force in %s (%s)\n", id, store, signer)
	return err
}

// notOlder refuses a model of the same name as the one in force with a lower
// version: signatures do not grow old, so whoever controls a registry could
// bring back a model whose weakness is known.
func notOlder(store *delivery.Store, m *delivery.Model) error {
	history, err := store.History()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := store.Read(history[0])
	if err != nil {
		return nil // what is in force is damaged: anything good may take its place
	}
	_, old, err := models.Check(p.Archive)
	if err != nil || old.Manifest == nil || old.Manifest.Name != m.Report.Manifest.Name {
		return nil
	}
	if models.CompareVersions(m.Report.Manifest.Version, old.Manifest.Version) < 0 {
		return fmt.Errorf("%s is older than %s, which is in force: --allow-older installs it all the same, glacis model rollback goes back",
			safetext.Terminal(m.Report.Model), safetext.Terminal(old.Model))
	}
	return nil
}

func newModelInstallCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install FILE",
		Short: "check a model archive and put it in force in the store",
		Long: `Install checks the signature (FILE.minisig or FILE.sig) with the trusted keys before it unpacks anything, then everything that
glacis model verify checks, and puts the model into the store and in force there. Programs that run take it over by
themselves. A model that fails any check changes nothing; so does a process that is killed on the way.`,
		Example: "  glacis model install glacis-advanced-model.tgz --model-key release.pub\n  glacis model install ours.tgz --model-unsigned",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := filepath.Abs(args[0]) // the origin, wherever it is read
			if err != nil {
				return err
			}
			p, err := delivery.ReadFile(path)
			if err != nil {
				return err
			}
			return f.install(cmd.OutOrStdout(), p)
		},
	}
	f.register(cmd)
	return cmd
}

func newModelRollbackCommand() *cobra.Command {
	var trusting trustFlags
	var store string
	cmd := &cobra.Command{
		Use:   "rollback",
		Short: "put the model before the one in force in force again",
		Long: `Rollback switches the store back by one version, once that has passed all checks again. Programs that run take it
over by themselves.`,
		Example: "  glacis model rollback",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			trust, err := trusting.trust()
			if err != nil {
				return err
			}
			s := delivery.OpenStore(delivery.Places{Store: store}.StoreDir())
			id, err := s.Rollback(func(p *delivery.Package) error {
				_, err := trust.Open(p)
				return err
			})
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("no model is installed in %s", s)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is in force in %s again\n", id, s)
			return err
		},
	}
	cmd.Flags().StringVar(&store, "store", "", storeUsage)
	trusting.register(cmd)
	return cmd
}
