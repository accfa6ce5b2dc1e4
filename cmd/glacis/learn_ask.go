package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/user"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
)

// learnAskFlags are the flags of learn commands that ask a running sidecar.
type learnAskFlags struct {
	sidecar askFlags
	json    bool
	who     string
	why     string
}

func (f *learnAskFlags) register(cmd *cobra.Command) {
	f.sidecar.register(cmd, sidecarAddress, "address of the sidecar, host:port, https://… or unix:/path")
}

// registerPrint is register for commands that print what the sidecar says.
func (f *learnAskFlags) registerPrint(cmd *cobra.Command) {
	f.register(cmd)
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON")
}

// registerChange is register for commands that change what is known.
func (f *learnAskFlags) registerChange(cmd *cobra.Command) {
	f.register(cmd)
	name := ""
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	cmd.Flags().StringVar(&f.who, "who", name, "who decides, for the audit trail; the name in a client certificate goes first")
}

// get asks for a path. If the flags say so, the answer is printed as JSON and
// done is true.
func (f *learnAskFlags) get(cmd *cobra.Command, path string, v any) (done bool, err error) {
	c, err := f.sidecar.client()
	if err != nil {
		return false, err
	}
	if err := c.Get(cmd.Context(), path, v); err != nil {
		return false, fmt.Errorf("ask the sidecar: %w", hint(err))
	}
	if !f.json {
		return false, nil
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return true, enc.Encode(v)
}

// post sends a change.
func (f *learnAskFlags) post(cmd *cobra.Command, path string, body any) error {
	if f.who == "" {
		return errors.New("--who is required")
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return f.send(cmd, path, "application/json", data)
}

func (f *learnAskFlags) send(cmd *cobra.Command, path, kind string, data []byte) error {
	c, err := f.sidecar.client()
	if err != nil {
		return err
	}
	if err := c.Post(cmd.Context(), path, kind, data); err != nil {
		return fmt.Errorf("ask the sidecar: %w", hint(err))
	}
	return nil
}

// hint adds what helps.
func hint(err error) error {
	var status *ask.StatusError
	if !errors.As(err, &status) {
		return err
	}
	switch status.Status {
	case 401, 403:
		return fmt.Errorf("%w (--sidecar-token-file: want the operators' token)", err)
	case 404:
		return fmt.Errorf("%w (does it learn? it does with --store)", err)
	}
	return err
}
