package delivery

import (
	"os"
	"path/filepath"
)

// The environment that names models and keys where no flag does.
const (
	EnvModel    = "GLACIS_MODEL"
	EnvKey      = "GLACIS_MODEL_KEY"
	EnvUnsigned = "GLACIS_MODEL_UNSIGNED"
	EnvStore    = "GLACIS_MODEL_STORE"
	// EnvRoot goes before the well-known paths: for images that are being
	// built, and for tests.
	EnvRoot = "GLACIS_ROOT"
)

// The well-known paths beside WellKnownPath, below the root of the file system.
const (
	WellKnownKeys  = "etc/glacis/model-keys"
	WellKnownStore = "var/lib/glacis/models"
)

// Places are what flags say about where models and keys are; what they do not
// say, the environment does, or the well-known paths. Every program that serves
// goes by the same rules.
type Places struct {
	// Model is where the model comes from, see Resolve.
	Model string
	// Keys are trusted, see Trust.Add.
	Keys []string
	// Unsigned is Trust.AllowUnsigned.
	Unsigned bool
	// Store is the directory of installed models.
	Store string
}

// Trust reads the keys: those of the flags or else of the environment, and
// always the well-known ones.
func (p Places) Trust() (*Trust, error) {
	t := &Trust{AllowUnsigned: p.Unsigned || os.Getenv(EnvUnsigned) == "1"}
	keys := p.Keys
	if len(keys) == 0 {
		keys = filepath.SplitList(os.Getenv(EnvKey))
	}
	for _, key := range keys {
		if err := t.Add(key); err != nil {
			return nil, err
		}
	}
	return t, t.AddIfThere(rooted(WellKnownKeys))
}

// Location is what a flag or the environment names as the model, "" for nothing.
func (p Places) Location() string {
	if p.Model == "" {
		return os.Getenv(EnvModel)
	}
	return p.Model
}

// StoreDir is the store that a flag or the environment names, or the well-known.
func (p Places) StoreDir() string {
	if p.Store != "" {
		return p.Store
	}
	if dir := os.Getenv(EnvStore); dir != "" {
		return dir
	}
	return rooted(WellKnownStore)
}

// Implicit returns the places where a model is looked for when none is named:
// the store and the well-known path.
func (p Places) Implicit() Source { return Implicit(rooted(""), p.StoreDir()) }

// rooted is a well-known path on this machine.
func rooted(path string) string {
	root := os.Getenv(EnvRoot)
	if root == "" {
		root = "/"
	}
	return filepath.Join(root, path)
}
