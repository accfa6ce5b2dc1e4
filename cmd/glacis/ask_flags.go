package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
	"github.com/glacis-waf/glacis/sidecar"
)

// sidecarAddress is where a sidecar on this machine listens by default.
const sidecarAddress = "127.0.0.1:9191"

// askFlags are the flags of commands that ask a sidecar.
type askFlags struct {
	address, tokenFile string
	options            ask.Options
}

func (f *askFlags) register(cmd *cobra.Command, otherwise, usage string) {
	flags := cmd.Flags()
	flags.StringVar(&f.address, "sidecar", otherwise, usage)
	flags.StringVar(&f.tokenFile, "sidecar-token-file", "", "file with the sidecar's token, the operators' one if there are two")
	flags.StringVar(&f.options.CA, "sidecar-ca", "", "authority of the sidecar's certificate (PEM file)")
	flags.StringVar(&f.options.Cert, "sidecar-cert", "", "certificate for the sidecar (PEM file)")
	flags.StringVar(&f.options.Key, "sidecar-cert-key", "", "its private key (PEM file)")
}

// client makes the client of the flags.
func (f *askFlags) client() (*ask.Client, error) {
	if f.tokenFile != "" {
		token, err := sidecar.ReadToken(f.tokenFile)
		if err != nil {
			return nil, fmt.Errorf("--sidecar-token-file: %w", err)
		}
		f.options.Token = token
	}
	c, err := ask.New(f.address, f.options)
	if err != nil {
		return nil, fmt.Errorf("--sidecar: %w", err)
	}
	return c, nil
}
