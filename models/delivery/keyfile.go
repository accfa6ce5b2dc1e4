package delivery

import (
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"aead.dev/minisign"
)

// What the lines around a PEM block begin with (RFC 7468, section 2).
const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
)

// addKeys trusts the keys of a text, minisign's one a line, cosign's in PEM. It
// returns how many there are, known ones included. where names the text.
func (t *Trust) addKeys(where, text string) (n int, err error) {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "untrusted comment:") {
			continue
		}
		fail := func(err error) (int, error) { return n, fmt.Errorf("%s: line %d: %w", where, i+1, err) }
		if !strings.HasPrefix(line, pemBegin) {
			key, err := parseKey(line)
			if err != nil {
				return fail(errors.New("neither a minisign public key nor PEM"))
			}
			if err := t.add(key, where); err != nil {
				return n, err
			}
			n++
			continue
		}
		first := i
		for i < len(lines)-1 && !strings.HasPrefix(strings.TrimSpace(lines[i]), pemEnd) {
			i++
		}
		block, _ := pem.Decode([]byte(strings.Join(lines[first:i+1], "\n") + "\n"))
		if block == nil {
			i = first
			return fail(errors.New("a PEM block that is damaged"))
		}
		key, err := parseCosignKey(block)
		if err != nil {
			i = first
			return fail(err)
		}
		if err := t.addCosign(key, where); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// keyLength is that of a minisign key in base64: 2 bytes algorithm, 8 bytes ID,
// 32 bytes Ed25519 key.
const keyLength = 56

func parseKey(text string) (key minisign.PublicKey, err error) {
	if len(text) != keyLength {
		return key, errors.New("not a public key")
	}
	err = key.UnmarshalText([]byte(text))
	return key, err
}
