package delivery

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models"
)

// stored is a Model as Install takes it; a store does not look into archives.
func stored(name, content string) *Model {
	p := &Package{Archive: []byte(content), Origin: "/from/" + name}
	p.Signature = []byte("signed " + p.Digest())
	return &Model{Package: p, Report: &models.Report{Model: name}, Digest: p.Digest()}
}

func current(t *testing.T, s *Store) string {
	t.Helper()
	p, _, err := s.Fetch(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return string(p.Archive)
}

func install(t *testing.T, s *Store, m *Model) string {
	t.Helper()
	id, err := s.Install(m)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func yes(*Package) error { return nil }

func TestStore(t *testing.T) {
	s := OpenStore(filepath.Join(t.TempDir(), "models"))
	if _, _, err := s.Fetch(t.Context(), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if list, err := s.List(); len(list) > 0 || err != nil {
		t.Error(list, err)
	}
	var ids []string
	for i := range Keep + 2 {
		id := install(t, s, stored("basic 1.0."+strconv.Itoa(i), strconv.Itoa(i)))
		if !strings.HasPrefix(id, "basic-1.0."+strconv.Itoa(i)+"-") {
			t.Error(id)
		}
		ids = append(ids, id)
	}
	slices.Reverse(ids)
	history, err := s.History()
	if err != nil || !slices.Equal(history, ids[:Keep]) {
		t.Error(history, err)
	}
	list, err := s.List()
	if err != nil || len(list) != Keep || list[0] != (Version{ids[0], true, false, "/from/basic 1.0.6"}) || !list[1].Previous {
		t.Error(list, err)
	}
	// the same again changes nothing; an older one comes to the front
	install(t, s, stored("basic 1.0.6", "6"))
	install(t, s, stored("basic 1.0.4", "4"))
	if history, _ := s.History(); !slices.Equal(history, []string{ids[2], ids[0], ids[1], ids[3], ids[4]}) {
		t.Error(history)
	}
	p, stamp, err := s.Fetch(t.Context(), "")
	if err != nil || string(p.Archive) != "4" || string(p.Signature) != "signed "+p.Digest() || !p.Local {
		t.Error(p, err)
	}
	if p, _, err := s.Fetch(t.Context(), stamp); p != nil || err != nil {
		t.Error(p, err)
	}
	for _, want := range []string{"6", "5", "3"} {
		if _, err := s.Rollback(yes); err != nil || current(t, s) != want {
			t.Error(want, err)
		}
	}
	if list, err := s.List(); err != nil || len(list) != Keep || !list[0].Current || list[2].Current || list[2].Previous {
		t.Error(list, err)
	}
}

// TestRollbackRefused leaves the version in force when the one before it is no
// good, damaged, or not there.
func TestRollbackRefused(t *testing.T) {
	s := OpenStore(t.TempDir())
	if _, err := s.Rollback(yes); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	first := install(t, s, stored("a 1", "first"))
	if _, err := s.Rollback(yes); err == nil || !strings.Contains(err.Error(), "only version") {
		t.Error(err)
	}
	install(t, s, stored("a 2", "second"))
	no := errors.New("no good")
	if _, err := s.Rollback(func(*Package) error { return no }); !errors.Is(err, no) {
		t.Error(err)
	}
	if err := os.RemoveAll(filepath.Join(s.dir, versionsName, first)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rollback(yes); err == nil || !strings.Contains(err.Error(), first) {
		t.Error(err)
	}
	if got := current(t, s); got != "second" {
		t.Error(got)
	}
}

// TestPointer refuses what a pointer must not say.
func TestPointer(t *testing.T) {
	s := OpenStore(t.TempDir())
	id := install(t, s, stored("a 1", "first"))
	for _, text := range []string{"", "\n", "../../etc", "..", "a-1-0123456789ab/..", "/etc/passwd", ".a-0123456789ab",
		strings.Repeat(id+"\n", Keep+1), strings.Repeat("a", 99) + "-0123456789ab", "a-1-0123456789ab"} {
		if err := os.WriteFile(filepath.Join(s.dir, pointerName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, _, err := s.Fetch(t.Context(), ""); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v, %v", text, p, err)
		}
	}
}

// TestNames makes harmless names of any.
func TestNames(t *testing.T) {
	for name, want := range map[string]string{"basic 1.0.0": "basic-1.0.0-", "../../x 1": "_.._x-1-", "": "model-", "...": "model-",
		"a\nb/c\x00": "a_b_c_-", "é": "_-", strings.Repeat("x", 200): strings.Repeat("x", 79) + "-"} {
		id := idOf(stored(name, "content"))
		if !versionID.MatchString(id) || !strings.HasPrefix(id, want) {
			t.Errorf("%q: %q", name, id)
		}
	}
}
