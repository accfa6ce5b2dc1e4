package delivery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/glacis-waf/glacis/models"
)

// WellKnownPath is where a volume with an advanced model is mounted, below the
// root of the file system.
const WellKnownPath = "advanced-model/glacis-advanced-model.tgz"

// Source is where a model comes from. It is used by one goroutine at a time.
type Source interface {
	// Fetch returns what is there now. stamp is what the last call returned, ""
	// at first: if nothing has changed since, the package is nil and so is the
	// error. An error that is fs.ErrNotExist says that there is none.
	Fetch(ctx context.Context, stamp string) (p *Package, next string, err error)
	// String names the source in logs.
	String() string
}

// Resolve returns the source that a location names: http:// and https:// a
// sidecar, a directory a Store, anything else a file. token is for sidecars.
func Resolve(location, token string) (Source, error) {
	switch {
	case strings.HasPrefix(location, "http://"), strings.HasPrefix(location, "https://"):
		return NewSidecar(location, token)
	case strings.HasPrefix(location, "oci://"):
		return nil, fmt.Errorf("model %s: pull it first (glacis model pull), then name the store or the file", location)
	}
	if info, err := os.Stat(location); err == nil && info.IsDir() {
		return OpenStore(location), nil
	}
	return File(location), nil
}

// File is a source: an archive, with its signature beside it.
type File string

// String implements Source.
func (f File) String() string { return string(f) }

// Fetch implements Source.
func (f File) Fetch(_ context.Context, stamp string) (*Package, string, error) {
	next, err := stampOf(string(f), string(f)+SignatureSuffix, string(f)+CosignSuffix)
	if err != nil || next == stamp {
		return nil, next, err
	}
	p, err := ReadFile(string(f))
	return p, next, err
}

// ReadFile reads an archive and, if there is one, the signature file beside it:
// minisign's, or if there is none cosign's.
func ReadFile(path string) (*Package, error) {
	archive, err := models.ReadFile(path)
	if err != nil {
		return nil, err
	}
	signature, err := readSignature(path + SignatureSuffix)
	if err == nil && signature == nil {
		signature, err = readSignature(path + CosignSuffix)
	}
	if err != nil {
		return nil, err
	}
	return &Package{Archive: archive, Signature: signature, Origin: path, Local: true}, nil
}

// readSignature reads a signature file, nil if there is none.
func readSignature(path string) ([]byte, error) {
	data, err := models.ReadBounded(path, MaxSignature)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// stampOf tells versions of files apart without reading them: size, time of
// change and number of the file, which a swapped link changes, too. The first
// must exist.
func stampOf(paths ...string) (string, error) {
	var b strings.Builder
	for i, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			if i == 0 || !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			b.WriteString("none;")
			continue
		}
		fmt.Fprintf(&b, "%d %d", info.Size(), info.ModTime().UnixNano())
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			fmt.Fprintf(&b, " %d", s.Ino)
		}
		b.WriteByte(';')
	}
	return b.String(), nil
}

// Chain is a source: the first of several that has anything. It is for places
// that nobody named; an error in one of them is the error of the chain, so that
// a model which somebody put there is never passed over silently.
type Chain []Source

// String implements Source.
func (c Chain) String() string {
	names := make([]string, len(c))
	for i, s := range c {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

// Fetch implements Source.
func (c Chain) Fetch(ctx context.Context, stamp string) (*Package, string, error) {
	for _, s := range c {
		prefix := s.String() + "\n"
		last, ok := strings.CutPrefix(stamp, prefix)
		if !ok {
			last = ""
		}
		p, next, err := s.Fetch(ctx, last)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return p, prefix + next, err
	}
	return nil, "", fmt.Errorf("no model in %s: %w", c, fs.ErrNotExist)
}

// Implicit returns the places where a model is looked for when none is named:
// the store, if there is to be one, and the well-known path below root ("/").
func Implicit(root, store string) Chain {
	var c Chain
	if store != "" {
		c = append(c, OpenStore(store))
	}
	return append(c, File(filepath.Join(root, WellKnownPath)))
}
