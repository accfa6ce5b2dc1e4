package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"aead.dev/minisign"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

// privateKey signs archives.
type privateKey struct {
	id   string
	sign func(archive []byte) ([]byte, error)
}

// maxPrivate bounds the file of a private key, in bytes.
const maxPrivate = 64 << 10

// readPrivate reads a private key, minisign's or an ECDSA one, encrypted or not.
func readPrivate(path, passwordFile string) (*privateKey, error) {
	if path == "" {
		return nil, errors.New("give --key")
	}
	text, err := models.ReadBounded(path, maxPrivate)
	if err != nil {
		return nil, fmt.Errorf("--key: %w", err)
	}
	password := ""
	if passwordFile != "" {
		if password, err = readPassword(passwordFile); err != nil {
			return nil, err
		}
	}
	if delivery.IsCosignKey(text) {
		return readCosign(path, text, password)
	}
	var key minisign.PrivateKey
	switch {
	case !minisign.IsEncrypted(text):
		if err := key.UnmarshalText(text); err != nil {
			return nil, fmt.Errorf("--key: %s: neither a minisign nor a PEM private key", path)
		}
	case password == "":
		return nil, fmt.Errorf("--key: %s is encrypted: give --password-file", path)
	default:
		if key, err = minisign.DecryptKey(password, text); err != nil {
			return nil, fmt.Errorf("--key: %s: wrong password, or not a minisign private key", path)
		}
	}
	return &privateKey{delivery.KeyID(key.ID()), func(archive []byte) ([]byte, error) { return delivery.Sign(key, archive) }}, nil
}

func readCosign(path string, text []byte, password string) (*privateKey, error) {
	key, err := delivery.ParseCosignKey(text, password)
	if errors.Is(err, delivery.ErrPassword) && password == "" {
		return nil, fmt.Errorf("--key: %s is encrypted: give --password-file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("--key: %s: %w", path, err)
	}
	return &privateKey{delivery.CosignKeyID(&key.PublicKey), func(archive []byte) ([]byte, error) { return delivery.SignCosign(key, archive) }}, nil
}

// readPassword reads the first line of a file.
func readPassword(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("--password-file: %w", err)
	}
	line, _, _ := bytes.Cut(data, []byte{'\n'})
	if line = bytes.TrimSuffix(line, []byte{'\r'}); len(line) == 0 {
		return "", fmt.Errorf("--password-file: %s: the first line is empty", path)
	}
	return string(line), nil
}
