// Package signing signs what sidecars hand out and checks it where it arrives:
// Ed25519 (RFC 8032) over a hash with a prefix of its own, so that a signature
// of a profile is one of nothing else.
package signing

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// What is signed before the hash.
const (
	profileContext = "glacis profile v1\x00"
	modelContext   = "glacis model tables v1\x00"
	policyContext  = "glacis policy v1\x00"
)

// keyBlock is the type of the PEM block in a key file, which holds the seed.
const keyBlock = "GLACIS SIGNING KEY"

// Key signs. It is immutable.
type Key struct{ private ed25519.PrivateKey }

// LoadKey reads the key of a file, which nobody but its owner may read; if there
// is no file, it makes a key and writes it there. Several sidecars that agents
// use alike need the same file.
func LoadKey(path string) (*Key, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("signing key: %s: others may read it (mode %04o), want 0600", path, info.Mode().Perm())
	}
	block, rest := pem.Decode(data)
	if block == nil || block.Type != keyBlock || len(block.Bytes) != ed25519.SeedSize || len(strings.TrimSpace(string(rest))) > 0 {
		return nil, fmt.Errorf("signing key: %s: not a key file", path)
	}
	return &Key{ed25519.NewKeyFromSeed(block.Bytes)}, nil
}

// newKey makes a key and its file. The file appears whole or not at all, and
// another process that is faster wins.
func newKey(path string) (*Key, error) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: private.Seed()}))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return LoadKey(path)
	} else if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return &Key{private}, nil
}

// Sign returns the signature of a profile in the form of the header
// Glacis-Signature: the name of the key and the signature.
func (k *Key) Sign(data []byte) string { return k.sign(profileContext, data) }

// SignModel signs the tables of a model likewise, for wrappers that cannot check
// the signature of an archive themselves.
func (k *Key) SignModel(tables []byte) string { return k.sign(modelContext, tables) }

// SignPolicy signs a policy in its compiled form likewise.
func (k *Key) SignPolicy(compiled []byte) string { return k.sign(policyContext, compiled) }

func (k *Key) sign(context string, data []byte) string {
	return k.Public().ID() + ":" + base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, digest(context, data)))
}

// Public returns the key to check with.
func (k *Key) Public() PublicKey {
	public, _ := k.private.Public().(ed25519.PublicKey)
	return PublicKey{public}
}

func digest(context string, data []byte) []byte {
	sum := sha256.Sum256(data)
	return append([]byte(context), sum[:]...)
}
