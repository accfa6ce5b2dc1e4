package deliverytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
)

// CosignSigner is an ECDSA key pair as cosign has.
type CosignSigner struct{ *ecdsa.PrivateKey }

// NewCosignSigner makes a key pair on a curve; cosign's is P-256.
func NewCosignSigner(t testing.TB, curve elliptic.Curve) *CosignSigner {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &CosignSigner{key}
}

// Public returns the public key in PEM.
func (s *CosignSigner) Public(t testing.TB) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&s.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// Sign signs an archive, sound or not, as cosign sign-blob does.
func (s *CosignSigner) Sign(t testing.TB, archive []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(archive)
	der, err := ecdsa.SignASN1(rand.Reader, s.PrivateKey, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return []byte(base64.StdEncoding.EncodeToString(der) + "\n")
}

// Write is that of Signer.
func (s *CosignSigner) Write(t testing.TB, path string, archive []byte) {
	t.Helper()
	Replace(t, path+delivery.CosignSuffix, s.Sign(t, archive))
	Replace(t, path, archive)
}
