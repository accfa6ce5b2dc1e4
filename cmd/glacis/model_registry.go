package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/registry"
)

// dial makes a client for a location in a registry.
func dial(location string, plain bool) (*registry.Client, error) {
	return registry.New(location, registry.Options{PlainHTTP: plain, UserAgent: "glacis/" + core.Version})
}

const plainUsage = "speak HTTP without TLS (always so with loopback addresses)"

func newModelPullCommand() *cobra.Command {
	var f installFlags
	var out string
	var plain bool
	cmd := &cobra.Command{
		Use:   "pull oci://HOST/REPOSITORY:TAG",
		Short: "fetch a model from an OCI registry and put it in force in the store",
		Long: `Pull fetches archive and signature and does what glacis model install does. It never takes a model that is not
signed with a trusted key. With --out both are written into files instead, once they have passed all checks, to be
carried to machines without a network.

Credentials are those of docker login.`,
		Example: "  glacis model pull oci://registry.example/waf/model:stable --model-key release.pub\n  glacis model pull oci://registry.example/waf/model:stable --out model.tgz",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := dial(args[0], plain)
			if err != nil {
				return err
			}
			p, err := c.Pull(cmd.Context())
			if err != nil {
				return err
			}
			if out == "" {
				return f.install(cmd.OutOrStdout(), p)
			}
			trust, err := f.trust()
			if err != nil {
				return err
			}
			m, err := trust.Open(p)
			if err != nil {
				return err
			}
			if err := writePackage(out, m); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s and %s%s: signed by %s\n", out, out, delivery.SuffixOf(m.Signature), m.Signer)
			return err
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&out, "out", "", "write the archive here, and the signature beside it, and install nothing")
	cmd.Flags().BoolVar(&plain, "plain-http", false, plainUsage)
	return cmd
}

// writePackage writes a package into files, the signature first: whoever
// watches the archive then finds both. A signature of the other kind that lies
// there belongs to another archive.
func writePackage(path string, m *delivery.Model) error {
	suffix, other := delivery.SuffixOf(m.Signature), delivery.CosignSuffix
	if suffix == other {
		other = delivery.SignatureSuffix
	}
	if err := os.Remove(path + other); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write model: %w", err)
	}
	for _, f := range []struct {
		path string
		data []byte
	}{{path + suffix, m.Signature}, {path, m.Archive}} {
		if err := os.WriteFile(f.path+".next", f.data, 0o644); err != nil {
			return fmt.Errorf("write model: %w", err)
		}
		if err := os.Rename(f.path+".next", f.path); err != nil {
			return fmt.Errorf("write model: %w", err)
		}
	}
	return nil
}

func newModelPushCommand() *cobra.Command {
	var f trustFlags
	var plain bool
	cmd := &cobra.Command{
		Use:   "push FILE oci://HOST/REPOSITORY:TAG",
		Short: "put a signed model archive into an OCI registry",
		Long: `Push checks FILE and its signature as glacis model install does, so that nothing gets into the registry that
nobody could pull, and uploads both as one OCI 1.1 artifact. It prints the digest to pull by.

Credentials are those of docker login.`,
		Example: "  glacis model push model.tgz oci://registry.example/waf/model:stable --model-key release.pub",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			digest, err := f.push(cmd.Context(), args[0], args[1], plain)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), digest)
			return err
		},
	}
	cmd.Flags().StringArrayVar(&f.keys, "model-key", nil, "public key that the signature must be of, see glacis model install")
	cmd.Flags().BoolVar(&plain, "plain-http", false, plainUsage)
	return cmd
}

func (f *trustFlags) push(ctx context.Context, path, location string, plain bool) (string, error) {
	trust, err := f.trust()
	if err != nil {
		return "", err
	}
	p, err := delivery.ReadFile(path)
	if err != nil {
		return "", err
	}
	p.Local = false // a registry is for signed models only
	m, err := trust.Open(p)
	if err != nil {
		return "", err
	}
	c, err := dial(location, plain)
	if err != nil {
		return "", err
	}
	return c.Push(ctx, m)
}
