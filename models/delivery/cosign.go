package delivery

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// CosignSuffix is what the name of a signature file in cosign's manner adds to
// the archive's.
const CosignSuffix = ".sig"

// cosignKey is a public key as cosign writes it: ECDSA on P-256 (FIPS 186-5).
type cosignKey struct {
	*ecdsa.PublicKey
	id string
}

// pemPublic is the type of its PEM block (RFC 7468, section 13).
const pemPublic = "PUBLIC KEY"

// parseCosignKey reads the block of a public key.
func parseCosignKey(block *pem.Block) (cosignKey, error) {
	if block.Type != pemPublic {
		return cosignKey{}, fmt.Errorf("a PEM block %q, want %q", block.Type, pemPublic)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return cosignKey{}, errors.New("a PEM block without a public key")
	}
	public, ok := key.(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() {
		return cosignKey{}, errors.New("a public key of another kind than ECDSA on P-256")
	}
	return cosignKey{public, CosignKeyID(public)}, nil
}

// CosignKeyID names an ECDSA key: "ecdsa-" and the first 16 hexadecimal digits
// of the SHA-256 of its DER form (SubjectPublicKeyInfo, RFC 5280).
func CosignKeyID(key *ecdsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "ecdsa-unknown" // never, for a key that was parsed or made
	}
	sum := sha256.Sum256(der)
	return "ecdsa-" + hex.EncodeToString(sum[:8])
}

// parseCosignSignature reads what cosign sign-blob writes: the DER form of an
// ECDSA signature in base64, in one line or several. What cannot be one is nil.
func parseCosignSignature(text []byte) []byte {
	der := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Strict().Decode(der, text)
	const sequence = 0x30 // the first byte of the DER form
	if err != nil || n == 0 || der[0] != sequence {
		return nil
	}
	return der[:n]
}

// verifyCosign tries every key: unlike minisign's, such a signature does not say
// whose it is.
func (t *Trust) verifyCosign(archive, der []byte) (signer string, err error) {
	sum := sha256.Sum256(archive)
	for _, key := range t.cosign {
		if ecdsa.VerifyASN1(key.PublicKey, sum[:], der) {
			return key.id, nil
		}
	}
	if len(t.cosign) == 0 {
		return "", errors.New("signature: of an ECDSA key, and only minisign keys are trusted")
	}
	return "", errors.New("signature: does not match: no trusted ECDSA key made it, or the archive or the signature was changed")
}

// SignCosign signs an archive as cosign sign-blob does, under the same condition
// as Sign. The result verifies with cosign verify-blob and openssl dgst.
func SignCosign(key *ecdsa.PrivateKey, archive []byte) (signature []byte, err error) {
	if _, err := signable(archive); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(archive)
	der, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		return nil, fmt.Errorf("sign model: %w", err)
	}
	return base64.StdEncoding.AppendEncode(nil, der), nil
}
