package delivery

import (
	"bytes"
	"errors"
	"fmt"

	"aead.dev/minisign"

	"github.com/glacis-waf/glacis/models"
)

// MaxSignature bounds a signature file, in bytes.
const MaxSignature = 4 << 10

// SignatureSuffix is what the name of a minisign signature file adds to the
// archive's.
const SignatureSuffix = ".minisig"

// SuffixOf returns what the name of the file with this signature has to add to
// the archive's: SignatureSuffix or CosignSuffix.
func SuffixOf(signature []byte) string {
	if parseCosignSignature(bytes.TrimSpace(signature)) != nil {
		return CosignSuffix
	}
	return SignatureSuffix
}

// Verify checks the signature of an archive, whose content it does not look at,
// and returns the ID of the key that made it. ErrUnsigned and ErrNoKeys say that
// nothing could be verified; every other error, that the signature is no good.
func (t *Trust) Verify(archive, signature []byte) (signer string, err error) {
	if len(signature) == 0 {
		return "", ErrUnsigned
	}
	if len(signature) > MaxSignature {
		return "", fmt.Errorf("signature: more than %d bytes", MaxSignature)
	}
	der := parseCosignSignature(bytes.TrimSpace(signature))
	var s minisign.Signature
	if der == nil && s.UnmarshalText(signature) != nil {
		return "", errors.New("signature: neither minisign's nor cosign's format")
	}
	if len(t.minisign)+len(t.cosign) == 0 {
		return "", ErrNoKeys
	}
	if der != nil {
		return t.verifyCosign(archive, der)
	}
	known := false
	for _, key := range t.minisign {
		// An ID is a hint and not protected: two keys may have the same one.
		if key.ID() != s.KeyID {
			continue
		}
		if known = true; minisign.Verify(key, archive, signature) {
			return KeyID(s.KeyID), nil
		}
	}
	if known {
		return "", fmt.Errorf("signature: does not match: the archive or the signature was changed, or another key with the ID %s made it", KeyID(s.KeyID))
	}
	return "", fmt.Errorf("signature: made by key %s, which is not trusted", KeyID(s.KeyID))
}

// Sign signs an archive that Verify of package models finds sound: nobody is to
// vouch for a file that no engine would load. The trusted comment, which is
// signed too, names the model and its digest.
func Sign(key minisign.PrivateKey, archive []byte) (signature []byte, err error) {
	report, err := signable(archive)
	if err != nil {
		return nil, err
	}
	digest := (&Package{Archive: archive}).Digest()
	return minisign.SignWithComments(key, archive, fmt.Sprintf("model %q created %s sha256 %s", report.Model, report.Created, digest),
		"signature of a Glacis model, key "+KeyID(key.ID())), nil
}

// signable says what an archive holds that may be signed.
func signable(archive []byte) (*models.Report, error) {
	_, report, err := models.Check(archive)
	if err != nil {
		return nil, fmt.Errorf("sign model: %w", err)
	}
	if report.Manifest == nil {
		return nil, errors.New("sign model: raw tables, without a manifest and golden verdicts: pack them (glacis model pack)")
	}
	return report, nil
}
