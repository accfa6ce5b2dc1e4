package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models"
)

// Package is a model as it arrived. Nothing of it is to be believed before
// Trust.Open.
type Package struct {
	// Archive is the model archive (.tgz), at most models.MaxFile bytes.
	Archive []byte
	// Signature is a signature file, minisign's or cosign's; empty for none.
	Signature []byte
	// Origin says where it came from, for logs and status.
	Origin string
	// Local says that the package lay in this machine's own files, which is
	// where a signature may be done without (see Trust.AllowUnsigned).
	Local bool
}

// Digest returns the SHA-256 of the archive, 64 hexadecimal digits.
func (p *Package) Digest() string {
	sum := sha256.Sum256(p.Archive)
	return hex.EncodeToString(sum[:])
}

// Model is a package that has passed every check. It is immutable.
type Model struct {
	*Package
	// Tables is what an engine takes.
	Tables *model.Model
	// Report describes the archive.
	Report *models.Report
	// Digest is the SHA-256 of the archive, 64 hexadecimal digits.
	Digest string
	// Signer is the ID of the key that signed it, "" if it was not signed.
	Signer string
}

// Open checks a package and opens it: size, signature, and only then what is
// inside. Errors name the origin and the reason.
func (t *Trust) Open(p *Package) (*Model, error) {
	m, err := t.open(p)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", p.Origin, err)
	}
	return m, nil
}

func (t *Trust) open(p *Package) (*Model, error) {
	if len(p.Archive) > models.MaxFile {
		return nil, fmt.Errorf("more than %d bytes", models.MaxFile)
	}
	signer, err := t.Verify(p.Archive, p.Signature)
	if err != nil {
		missing := errors.Is(err, ErrUnsigned) || errors.Is(err, ErrNoKeys)
		if !missing || !t.AllowUnsigned || !p.Local {
			return nil, err
		}
	}
	tables, report, err := models.Check(p.Archive)
	if err != nil {
		return nil, err
	}
	if report.Manifest == nil && !(t.AllowUnsigned && p.Local) {
		return nil, errors.New("raw tables, without a manifest and golden verdicts: pack them (glacis model pack)")
	}
	return &Model{Package: p, Tables: tables, Report: report, Digest: p.Digest(), Signer: signer}, nil
}
