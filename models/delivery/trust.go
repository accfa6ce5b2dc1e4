package delivery

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"aead.dev/minisign"

	"github.com/glacis-waf/glacis/models"
)

// The reasons why a package counts as unsigned rather than as forged.
var (
	// ErrUnsigned: there is no signature.
	ErrUnsigned = errors.New("not signed: there is no " + SignatureSuffix + " or " + CosignSuffix + " file with it")
	// ErrNoKeys: no key is trusted, so nothing can be verified.
	ErrNoKeys = errors.New("no key is trusted (--model-key), so its signature cannot be verified")
)

// Trust says whose models are taken. The zero value takes none. It must not be
// changed once it is in use.
type Trust struct {
	// AllowUnsigned takes local packages without a signature, or with one when
	// there are no keys. A signature that is wrong is refused all the same.
	AllowUnsigned bool

	minisign []minisign.PublicKey
	cosign   []cosignKey
}

// maxKeys bounds the keys, and with them the signature checks per package.
const maxKeys = 64

// maxKeyFile bounds a file of keys, in bytes.
const maxKeyFile = 64 << 10

// Add trusts the keys that where names: a minisign key itself (56 characters
// that begin with RW), an ECDSA key itself (PEM), a file of keys as minisign and
// cosign write them, or a directory of such files called *.pub. No key at all is
// an error.
func (t *Trust) Add(where string) error {
	if key, err := parseKey(where); err == nil {
		return t.add(key, where)
	}
	if strings.HasPrefix(where, pemBegin) {
		if _, err := t.addKeys("model key", where); err != nil {
			return err
		}
		return nil
	}
	files := []string{where}
	info, err := os.Stat(where)
	if err != nil {
		return fmt.Errorf("model key %q: neither a public key nor a file: %w", where, errors.Unwrap(err))
	}
	if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(escapeGlob(where), "*.pub")); err != nil {
			return fmt.Errorf("model key %s: %w", where, err)
		}
	}
	found := 0
	for _, file := range files {
		text, err := models.ReadBounded(file, maxKeyFile)
		if err != nil {
			return fmt.Errorf("model key: %w", err)
		}
		n, err := t.addKeys(file, string(text))
		if found += n; err != nil {
			return fmt.Errorf("model key: %w", err)
		}
	}
	if found == 0 {
		return fmt.Errorf("model key %s: %w", where, errNoKeyIn)
	}
	return nil
}

// AddIfThere is Add for a well-known place: that there is nothing, or no key in
// it, is no error.
func (t *Trust) AddIfThere(where string) error {
	if _, err := os.Stat(where); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := t.Add(where); !errors.Is(err, errNoKeyIn) {
		return err
	}
	return nil
}

var errNoKeyIn = errors.New("no key in it")

// Keys returns the IDs of the trusted keys, minisign's first.
func (t *Trust) Keys() []string {
	out := make([]string, 0, len(t.minisign)+len(t.cosign))
	for _, k := range t.minisign {
		out = append(out, KeyID(k.ID()))
	}
	for _, k := range t.cosign {
		out = append(out, k.id)
	}
	return out
}

// KeyID writes the ID of a minisign key as minisign does.
func KeyID(id uint64) string { return fmt.Sprintf("%016X", id) }

func (t *Trust) add(key minisign.PublicKey, where string) error {
	for _, k := range t.minisign {
		if k.Equal(key) {
			return nil
		}
	}
	t.minisign = append(t.minisign, key)
	return t.bounded(where)
}

func (t *Trust) addCosign(key cosignKey, where string) error {
	for _, k := range t.cosign {
		if k.Equal(key.PublicKey) {
			return nil
		}
	}
	t.cosign = append(t.cosign, key)
	return t.bounded(where)
}

func (t *Trust) bounded(where string) error {
	if len(t.minisign)+len(t.cosign) > maxKeys {
		return fmt.Errorf("%s: more than %d keys", where, maxKeys)
	}
	return nil
}

// escapeGlob keeps a directory's own characters out of the pattern.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
