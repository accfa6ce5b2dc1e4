package main

import (
	"errors"
	"fmt"
	"os"

	"aead.dev/minisign"
	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

func newModelKeygenCommand() *cobra.Command {
	var out, passwordFile string
	var plain bool
	cmd := &cobra.Command{
		Use:   "keygen --out NAME",
		Short: "make a key pair to sign models with",
		Long: `Keygen writes NAME.key, the private key, encrypted with the password of --password-file, and NAME.pub, which goes
wherever the models are to be trusted. Both are minisign's formats; its own tools can be used as well.`,
		Example: "  glacis model keygen --out release --password-file password.txt",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" || (passwordFile == "") != plain {
				return errors.New("give --out, and either --password-file or --no-password")
			}
			public, private, err := minisign.GenerateKey(nil)
			if err != nil {
				return fmt.Errorf("make keys: %w", err)
			}
			var secret []byte
			if plain {
				secret, err = private.MarshalText()
			} else {
				var password string
				if password, err = readPassword(passwordFile); err != nil {
					return err
				}
				secret, err = minisign.EncryptKey(password, private)
			}
			if err != nil {
				return fmt.Errorf("make keys: %w", err)
			}
			text, err := public.MarshalText()
			if err != nil {
				return fmt.Errorf("make keys: %w", err)
			}
			if err := writeNew(out+".key", append(secret, '\n'), 0o600); err != nil {
				return err
			}
			if err := writeNew(out+".pub", append(text, '\n'), 0o644); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "key %s: %s.key is secret, %s.pub is to be trusted\n", delivery.KeyID(public.ID()), out, out)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "name of both files, without their endings; neither may exist")
	cmd.Flags().StringVar(&passwordFile, "password-file", "", "file with the password for the private key")
	cmd.Flags().BoolVar(&plain, "no-password", false, "do not encrypt the private key: for tests, and where the file itself is kept encrypted")
	return cmd
}

// writeNew writes a file that must not exist: a key is never overwritten.
func writeNew(path string, data []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}

func newModelSignCommand() *cobra.Command {
	var keyFile, passwordFile string
	cmd := &cobra.Command{
		Use:   "sign --key FILE ARCHIVE",
		Short: "sign a model archive",
		Long: `Sign verifies the archive as glacis model verify does and writes its signature beside it: ARCHIVE.minisig with a
minisign key, ARCHIVE.sig with an ECDSA key on P-256, as cosign sign-blob does. Such a key is cosign's own (cosign.key) or
plain PEM (PKCS #8, SEC 1). Do it where the private key is kept, not where models are used.

With both files there, ARCHIVE.minisig is the one that counts.`,
		Example: "  glacis model sign --key release.key --password-file password.txt glacis-advanced-model.tgz\n" +
			"  glacis model sign --key cosign.key --password-file password.txt glacis-advanced-model.tgz",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := readPrivate(keyFile, passwordFile)
			if err != nil {
				return err
			}
			archive, err := models.ReadFile(args[0])
			if err != nil {
				return err
			}
			signature, err := key.sign(archive)
			if err != nil {
				return err
			}
			path := args[0] + delivery.SuffixOf(signature)
			if err := os.WriteFile(path, append(signature, '\n'), 0o644); err != nil {
				return fmt.Errorf("write signature: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: signed by %s\n", path, key.id)
			return err
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "private key, as keygen, minisign, cosign or openssl writes it")
	cmd.Flags().StringVar(&passwordFile, "password-file", "", "file with its password, if it has one")
	return cmd
}
