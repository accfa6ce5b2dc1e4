package kong

import (
	"os"
	"path/filepath"
	"testing"
)

// TestListen: a second listener takes the place of the first, which notices; a
// socket that somebody removed is nobody's.
func TestListen(t *testing.T) {
	dir, err := os.MkdirTemp("", "kong")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "glacis.socket")
	listen := func() *Listener {
		l, err := Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	first := listen()
	defer first.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("socket %v, %v", info, err)
	}
	if !first.current() {
		t.Error("the only listener is not the current one")
	}
	second := listen()
	if first.current() || !second.current() {
		t.Error("the second listener did not take the place of the first")
	}
	second.Close()
	if _, err := os.Stat(path); err != nil {
		t.Error("a listener that ends removes what may be its successor's")
	}
	if _, err := Listen(filepath.Join(dir, "none", "glacis.socket")); err == nil {
		t.Error("listens in a folder that is not there")
	}
}
