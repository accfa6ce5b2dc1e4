// Package deliverytest makes models, keys and signatures for tests of what
// delivers them.
package deliverytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"aead.dev/minisign"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/basic"
	"github.com/glacis-waf/glacis/models/delivery"
)

// Offsets in the tables (models/FORMAT.md).
const (
	versionAt = 48
	biasAt    = 144
	stringLen = 32
)

// Archive returns an archive of the embedded model under another version.
func Archive(t testing.TB, version string) []byte { return archive(t, version, nil) }

// Blind returns an archive of a model that finds nothing.
func Blind(t testing.TB, version string) []byte {
	return archive(t, version, func(tables []byte) {
		binary.LittleEndian.PutUint32(tables[biasAt:], uint32(1<<31))
	})
}

func archive(t testing.TB, version string, change func([]byte)) []byte {
	t.Helper()
	tables, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	field := tables[versionAt : versionAt+stringLen]
	clear(field)
	copy(field[:stringLen-1], version)
	if change != nil {
		change(tables)
	}
	end := len(tables) - sha256.Size
	sum := sha256.Sum256(tables[:end])
	copy(tables[end:], sum[:])
	var b bytes.Buffer
	if err := models.Pack(&b, &models.Contents{Tables: tables}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Signer is a key pair.
type Signer struct {
	minisign.PublicKey
	Private minisign.PrivateKey
}

// NewSigner makes a key pair.
func NewSigner(t testing.TB) *Signer {
	t.Helper()
	public, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Signer{public, private}
}

// Trust returns a Trust in this key alone.
func (s *Signer) Trust(t testing.TB) *delivery.Trust {
	t.Helper()
	trust := &delivery.Trust{}
	if err := trust.Add(s.String()); err != nil {
		t.Fatal(err)
	}
	return trust
}

// Sign signs an archive, sound or not.
func (s *Signer) Sign(archive []byte) []byte { return minisign.Sign(s.Private, archive) }

// Write writes an archive and its signature into files; each is replaced by a
// rename, the signature first.
func (s *Signer) Write(t testing.TB, path string, archive []byte) {
	t.Helper()
	Replace(t, path+delivery.SignatureSuffix, s.Sign(archive))
	Replace(t, path, archive)
}

// Replace writes a file by a rename.
func Replace(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".next", data, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".next", path); err != nil {
		t.Fatal(err)
	}
}
