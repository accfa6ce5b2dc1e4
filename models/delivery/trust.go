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
	ErrUnsigned = errors.New("not signed: there is no " + SignatureSuffix + " file with it")
	// ErrNoKeys: no key is trusted, so nothing can be verified.
	ErrNoKeys = errors.New("no key is trusted (--model-key), so its signature cannot be verified")
)

// Trust says whose models are taken. The zero value takes none. It must not be
// changed once it is in use.
type Trust struct {
	// AllowUnsigned takes local packages without a signature, or with one when
	// there are no keys. A signature that is wrong is refused all the same.
	AllowUnsigned bool

	keys []minisign.PublicKey
}

// maxKeys bounds the keys, and with them the signature checks per package.
const maxKeys = 64

// maxKeyFile bounds a file of keys, in bytes.
const maxKeyFile = 64 << 10

// Add trusts the keys that where names: a public key itself (56 characters that
// begin with RW), a file of keys as minisign writes them, or a directory of such
// files called *.pub. No key at all is an error.
func (t *Trust) Add(where string) error {
	if key, err := parseKey(where); err == nil {
		return t.add(key, where)
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
		n, err := t.addFile(file)
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

// Keys returns the IDs of the trusted keys.
func (t *Trust) Keys() []string {
	out := make([]string, len(t.keys))
	for i, k := range t.keys {
		out[i] = KeyID(k.ID())
	}
	return out
}

// KeyID writes the ID of a key as minisign does.
func KeyID(id uint64) string { return fmt.Sprintf("%016X", id) }

// addFile returns how many keys the file has, known ones included.
func (t *Trust) addFile(path string) (n int, err error) {
	text, err := models.ReadBounded(path, maxKeyFile)
	if err != nil {
		return 0, err
	}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "untrusted comment:") {
			continue
		}
		key, err := parseKey(line)
		if err != nil {
			return n, fmt.Errorf("%s: line %d: not a minisign public key", path, i+1)
		}
		if err := t.add(key, path); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (t *Trust) add(key minisign.PublicKey, where string) error {
	for _, k := range t.keys {
		if k.Equal(key) {
			return nil
		}
	}
	if len(t.keys) == maxKeys {
		return fmt.Errorf("%s: more than %d keys", where, maxKeys)
	}
	t.keys = append(t.keys, key)
	return nil
}

// keyLength is that of a public key in base64: 2 bytes algorithm, 8 bytes ID,
// 32 bytes Ed25519 key.
const keyLength = 56

func parseKey(text string) (key minisign.PublicKey, err error) {
	if len(text) != keyLength {
		return key, errors.New("not a public key")
	}
	err = key.UnmarshalText([]byte(text))
	return key, err
}

// escapeGlob keeps a directory's own characters out of the pattern.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
