package delivery

import (
	"errors"
	"fmt"

	"aead.dev/minisign"

	"github.com/glacis-waf/glacis/models"
)

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
	var s minisign.Signature
	if err := s.UnmarshalText(signature); err != nil {
		return "", errors.New("signature: not a minisign signature")
	}
	if len(t.keys) == 0 {
		return "", ErrNoKeys
	}
	known := false
	for _, key := range t.keys {
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
	_, report, err := models.Check(archive)
	if err != nil {
		return nil, fmt.Errorf("sign model: %w", err)
	}
	if report.Manifest == nil {
		return nil, errors.New("sign model: raw tables, without a manifest and golden verdicts: pack them (glacis model pack)")
	}
	digest := (&Package{Archive: archive}).Digest()
	return minisign.SignWithComments(key, archive, fmt.Sprintf("model %q created %s sha256 %s", report.Model, report.Created, digest),
		"signature of a Glacis model, key "+KeyID(key.ID())), nil
}
