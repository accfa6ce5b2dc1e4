package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Install puts a checked model into the store and in force, and removes what is
// older than the last Keep versions. It returns the version's ID. Installing
// what is in force already changes nothing.
func (s *Store) Install(m *Model) (id string, err error) {
	id = idOf(m)
	err = s.locked(func() error {
		history, err := s.History()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := s.place(id, m); err != nil {
			return err
		}
		if len(history) > 0 && history[0] == id {
			return nil
		}
		history = slices.DeleteFunc(history, func(old string) bool { return old == id })
		history = append([]string{id}, history...)
		if err := s.point(history[:min(len(history), Keep)]); err != nil {
			return err
		}
		return s.prune()
	})
	if err != nil {
		return "", fmt.Errorf("install model: %w", err)
	}
	return id, nil
}

// Rollback puts the version before the one in force in force again and returns
// its ID. check decides whether it may be: a program that cannot load it would
// be worse off than before. The version rolled back from stays on disk until
// the next Install.
func (s *Store) Rollback(check func(*Package) error) (id string, err error) {
	err = s.locked(func() error {
		history, err := s.History()
		if err != nil {
			return err
		}
		if len(history) < 2 {
			return fmt.Errorf("%s is the only version in %s", history[0], s.dir)
		}
		id = history[1]
		p, err := s.Read(id)
		if err == nil {
			err = check(p)
		}
		if err != nil {
			return err
		}
		return s.point(history[1:])
	})
	if err != nil {
		return "", fmt.Errorf("roll back model: %w", err)
	}
	return id, nil
}

// locked runs f while no other process changes the store.
func (s *Store) locked(f func() error) error {
	if err := os.MkdirAll(filepath.Join(s.dir, versionsName), 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(filepath.Join(s.dir, lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close() // which gives the lock back, as the end of the process does
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", s.dir, err)
	}
	return f()
}

// place writes a version unless it is there and whole.
func (s *Store) place(id string, m *Model) error {
	final := filepath.Join(s.dir, versionsName, id)
	if p, err := s.Read(id); err == nil && p.Digest() == m.Digest && string(p.Signature) == string(m.Signature) {
		return nil
	}
	s.pause("make")
	temp, err := os.MkdirTemp(filepath.Join(s.dir, versionsName), incoming)
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // nothing is left of it after the rename
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	files := []struct {
		name string
		data []byte
	}{{archiveName, m.Archive}, {originName, []byte(m.Origin + "\n")}}
	if len(m.Signature) > 0 {
		files = append(files, files[0])
		files[2].name, files[2].data = archiveName+SuffixOf(m.Signature), m.Signature
	}
	for _, f := range files {
		s.pause("write " + f.name)
		if err := writeSynced(filepath.Join(temp, f.name), f.data); err != nil {
			return err
		}
	}
	if err := syncDir(temp); err != nil {
		return err
	}
	s.pause("clear")
	if err := os.RemoveAll(final); err != nil { // only ever a damaged one
		return err
	}
	s.pause("rename version")
	if err := os.Rename(temp, final); err != nil {
		return err
	}
	return syncDir(filepath.Dir(final))
}

// point writes the pointer.
func (s *Store) point(history []string) error {
	pointer := filepath.Join(s.dir, pointerName)
	s.pause("write pointer")
	if err := writeSynced(pointer+".next", []byte(strings.Join(history, "\n")+"\n")); err != nil {
		return err
	}
	s.pause("rename pointer")
	if err := os.Rename(pointer+".next", pointer); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// prune removes versions outside of the history, and what a killed process left.
func (s *Store) prune() error {
	history, err := s.History()
	if err != nil {
		return err
	}
	dir := filepath.Join(s.dir, versionsName)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		ours := versionID.MatchString(e.Name()) && !slices.Contains(history, e.Name())
		if ours || strings.HasPrefix(e.Name(), incoming) {
			s.pause("remove")
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeSynced writes a file and waits until it is on the disk.
func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// syncDir waits until the names in a directory are on the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// idOf names a version after the model and a digest of all that is stored of it,
// so that a directory never has to be filled anew under a name in use.
func idOf(m *Model) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		case r == ' ':
			return '-'
		}
		return '_'
	}, m.Report.Model)
	if name = strings.TrimLeft(name, ".-"); name == "" {
		name = "model"
	}
	sum := sha256.New()
	sum.Write(m.Archive)
	sum.Write(m.Signature)
	return name[:min(len(name), 79)] + "-" + hex.EncodeToString(sum.Sum(nil))[:12]
}
