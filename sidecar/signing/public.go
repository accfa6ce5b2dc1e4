package signing

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// prefix begins a public key in writing.
const prefix = "glacis-ed25519:"

// PublicKey checks signatures. The zero value takes none.
type PublicKey struct{ key ed25519.PublicKey }

// ParsePublicKey reads a key as String writes it.
func ParsePublicKey(text string) (PublicKey, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(text), prefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) != ed25519.PublicKeySize {
		return PublicKey{}, errors.New("public key: want " + prefix + " and 44 characters of base64")
	}
	return PublicKey{key}, nil
}

// String writes the key: "glacis-ed25519:…".
func (p PublicKey) String() string { return prefix + base64.StdEncoding.EncodeToString(p.key) }

// ID is a short name of the key.
func (p PublicKey) ID() string {
	sum := sha256.Sum256(p.key)
	return hex.EncodeToString(sum[:4])
}

// ErrSignature says that data are not what the holder of the key signed.
var ErrSignature = errors.New("signature does not match")

// Verify checks a signature of Sign.
func (p PublicKey) Verify(data []byte, signature string) error {
	return p.verify(profileContext, data, signature)
}

// VerifyModel checks a signature of SignModel.
func (p PublicKey) VerifyModel(tables []byte, signature string) error {
	return p.verify(modelContext, tables, signature)
}

// VerifyPolicy checks a signature of SignPolicy.
func (p PublicKey) VerifyPolicy(compiled []byte, signature string) error {
	return p.verify(policyContext, compiled, signature)
}

func (p PublicKey) verify(context string, data []byte, signature string) error {
	_, encoded, ok := strings.Cut(signature, ":")
	sig, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(p.key) != ed25519.PublicKeySize || !ed25519.Verify(p.key, digest(context, data), sig) {
		return ErrSignature
	}
	return nil
}
