package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// archive is a model file taken apart and checked.
type archive struct {
	packed   int
	manifest *Manifest // nil for raw tables
	files    map[string][]byte
	model    *model.Model
}

// Open reads a model file, an archive or raw tables, whichever its content
// says; the manifest is nil for raw tables. The bounds, the checksums, the
// format and the minimum engine version are checked; the golden verdicts are
// not (see Verify), so that an engine with better decoders still opens the
// model. Errors name the file and the reason. Safe for concurrent use.
func Open(path string) (*model.Model, *Manifest, error) {
	a, err := open(path)
	if err != nil {
		return nil, nil, err
	}
	return a.model, a.manifest, nil
}

func open(path string) (*archive, error) {
	data, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	a, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// ReadFile reads a model file as it is, without looking into it. It must be a
// regular file of at most MaxFile bytes.
func ReadFile(path string) ([]byte, error) { return ReadBounded(path, MaxFile) }

// ReadBounded reads a regular file of at most most bytes.
func ReadBounded(path string, most int64) ([]byte, error) {
	// without waiting, should it be a pipe that nobody writes to
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s: more than %d bytes", path, most)
	}
	return data, nil
}

// read takes a model file apart. gzip data (RFC 1952) is an archive, anything
// else must be tables.
func read(data []byte) (*archive, error) {
	if len(data) < 2 || data[0] != 0x1f || data[1] != 0x8b {
		if len(data) > MaxTables {
			return nil, fmt.Errorf("%d bytes, more than %d", len(data), MaxTables)
		}
		m, err := model.Load(data)
		if err != nil {
			return nil, err
		}
		return &archive{packed: len(data), files: map[string][]byte{TablesName: data}, model: m}, nil
	}
	files, err := unpack(data)
	if err != nil {
		return nil, err
	}
	a := &archive{packed: len(data), files: files}
	if a.manifest, err = ParseManifest(files[ManifestName]); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	if err := requireEngine(a.manifest.MinimumEngineVersion, core.Version); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	if err := a.checksums(); err != nil {
		return nil, err
	}
	if a.model, err = model.Load(files[TablesName]); err != nil {
		return nil, fmt.Errorf("%s: %w", TablesName, err)
	}
	if err := a.manifest.matches(a.model); err != nil {
		return nil, fmt.Errorf("%s: %w", TablesName, err)
	}
	return a, nil
}

// checksums compares the files with the manifest, which must list all of them
// but itself and no other.
func (a *archive) checksums() error {
	for _, name := range []string{TablesName, LicenseName, GoldenName} {
		want, ok := a.manifest.Files[name]
		if !ok {
			return fmt.Errorf("%s: no checksum for %s", ManifestName, name)
		}
		if have := digest(a.files[name]); have != want {
			return fmt.Errorf("%s: SHA-256 is %s, the manifest says %q", name, have, want)
		}
	}
	if len(a.manifest.Files) != len(a.files)-1 {
		return errors.New(ManifestName + ": lists files that have no place in a model archive")
	}
	return nil
}

// digest returns the SHA-256 of b in hexadecimal.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
