package delivery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Store is a directory of model versions:
//
//	current                       text, one version a line: the one in force, then those before it
//	versions/ID/model.tgz         the archive
//	versions/ID/model.tgz.minisig its signature, or model.tgz.sig if it is cosign's
//	versions/ID/origin            where it came from
//	lock                          held while something changes
//
// A version is complete before its directory gets its name, and "current" is
// replaced by a rename, so that a process that is killed at any point leaves
// either the old state or the new one. Readers take no lock. A Store is a Source
// and safe for concurrent use, also by several processes.
type Store struct {
	dir string
	// pause is called before every step that changes the disk; tests stop there.
	pause func(step string)
}

// Keep is how many versions a store keeps, the one in force included.
const Keep = 5

// The names in a store.
const (
	pointerName  = "current"
	versionsName = "versions"
	lockName     = "lock"
	archiveName  = "model.tgz"
	originName   = "origin"
	incoming     = ".incoming-"
)

// versionID is what the name of a version looks like. It cannot leave the
// directory.
var versionID = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}-[0-9a-f]{12}$`)

// OpenStore returns the store in a directory, which need not exist yet.
func OpenStore(dir string) *Store { return &Store{dir: dir, pause: func(string) {}} }

// String implements Source.
func (s *Store) String() string { return s.dir }

// Fetch implements Source: the version in force.
func (s *Store) Fetch(_ context.Context, stamp string) (*Package, string, error) {
	next, err := stampOf(filepath.Join(s.dir, pointerName))
	if err != nil || next == stamp {
		return nil, next, err
	}
	history, err := s.History()
	if err != nil {
		return nil, next, err
	}
	p, err := s.Read(history[0])
	return p, next, err
}

// Read reads a version. It is as little to be trusted as any other package.
func (s *Store) Read(id string) (*Package, error) {
	if !versionID.MatchString(id) {
		return nil, fmt.Errorf("%s: %q is no version", s.dir, id)
	}
	p, err := ReadFile(filepath.Join(s.dir, versionsName, id, archiveName))
	if err != nil {
		// not fs.ErrNotExist: a version that is gone is no empty store
		return nil, fmt.Errorf("%s: version %s: %v", s.dir, id, err)
	}
	return p, nil
}

// History returns the version in force and those before it, the latest first.
// fs.ErrNotExist says that nothing was installed yet.
func (s *Store) History() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, pointerName))
	if err != nil {
		return nil, err
	}
	history := strings.Fields(string(text))
	if len(history) == 0 || len(history) > Keep {
		return nil, fmt.Errorf("%s: %s: want 1 to %d versions", s.dir, pointerName, Keep)
	}
	for _, id := range history {
		if !versionID.MatchString(id) {
			return nil, fmt.Errorf("%s: %s: %q is no version", s.dir, pointerName, id)
		}
	}
	return history, nil
}

// Version is a version in a store.
type Version struct {
	ID string `json:"id"`
	// Current says that it is in force, Previous that a rollback comes to it.
	Current  bool `json:"current"`
	Previous bool `json:"previous"`
	// Origin is where it came from.
	Origin string `json:"origin"`
}

// List returns the versions: the history, then those rolled back from. An empty
// store is no error.
func (s *Store) List() ([]Version, error) {
	history, err := s.History()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, versionsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	ids := slices.Clone(history)
	for _, e := range entries {
		if versionID.MatchString(e.Name()) && !slices.Contains(ids, e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	var out []Version
	for i, id := range ids {
		origin, err := os.ReadFile(filepath.Join(s.dir, versionsName, id, originName))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		out = append(out, Version{ID: id, Current: i == 0 && len(history) > 0, Previous: i == 1 && len(history) > 1, Origin: strings.TrimSpace(string(origin))})
	}
	return out, nil
}
