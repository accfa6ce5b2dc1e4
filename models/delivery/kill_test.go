package delivery

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const installEnv = "GLACIS_TEST_INSTALL_DIR"

// content is the archive of a version: large enough that writing it takes a while.
func content(i int) string {
	line := "version " + strconv.Itoa(i) + "\n"
	return strings.Repeat(line, 1<<18/len(line))
}

// installForever installs version after version and tells after each.
func installForever(dir string) int {
	s := OpenStore(dir)
	for i := 0; ; i++ {
		if _, err := s.Install(stored("v "+strconv.Itoa(i), content(i))); err != nil {
			fmt.Println(err)
			return 1
		}
		if i%3 == 2 {
			if _, err := s.Rollback(yes); err != nil {
				fmt.Println(err)
				return 1
			}
		}
	}
}

// whole checks that the version in force and its signature are complete.
func whole(t *testing.T, s *Store) {
	t.Helper()
	p, _, err := s.Fetch(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(p.Archive), "\n")
	i, err := strconv.Atoi(strings.TrimPrefix(head, "version "))
	if err != nil || string(p.Archive) != content(i) || string(p.Signature) != "signed "+p.Digest() {
		t.Fatalf("%s: %d bytes, signature of %d, %v", head, len(p.Archive), len(p.Signature), err)
	}
}

// TestKill kills a process that installs and rolls back, again and again: what
// is in force is always whole, and the next process goes on and cleans up.
func TestKill(t *testing.T) {
	s := OpenStore(t.TempDir())
	install(t, s, stored("v 0", content(0)))
	for range 8 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), installEnv+"="+s.dir)
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(filepath.Join(s.dir, pointerName))
		for range 2000 { // until it is at work
			if now, _ := os.ReadFile(filepath.Join(s.dir, pointerName)); string(now) != string(before) {
				break
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(10_000)) * time.Microsecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // "signal: killed"
		if out.Len() > 0 {
			t.Fatal(out.String())
		}
		whole(t, s)
	}
	install(t, s, stored("v 1", content(1)))
	entries, err := os.ReadDir(filepath.Join(s.dir, versionsName))
	if err != nil || len(entries) > Keep {
		t.Error(entries, err)
	}
}

// TestStop stops an installation before each of its steps: what was in force is
// still in force, or the new one is, and both are whole.
func TestStop(t *testing.T) {
	steps := map[string]bool{}
	for stopAt := 0; ; stopAt++ {
		s := OpenStore(t.TempDir())
		for i := range Keep {
			install(t, s, stored("v "+strconv.Itoa(i), content(i)))
		}
		n := 0
		s.pause = func(step string) {
			if n == stopAt {
				panic(step)
			}
			n++
		}
		stopped := func() (step any) {
			defer func() { step = recover() }()
			_, err := s.Install(stored("v 9", content(9)))
			if err != nil {
				t.Fatal(err)
			}
			return nil
		}()
		s.pause = func(string) {}
		whole(t, s)
		if stopped == nil {
			break
		}
		steps[stopped.(string)] = true
		install(t, s, stored("v 9", content(9)))
		if history, err := s.History(); err != nil || len(history) != Keep || !strings.HasPrefix(history[0], "v-9-") {
			t.Errorf("after %v: %q, %v", stopped, history, err)
		}
		whole(t, s)
	}
	for _, step := range []string{"make", "write model.tgz", "write model.tgz.minisig", "write origin", "clear", "rename version", "write pointer", "rename pointer", "remove"} {
		if !steps[step] {
			t.Errorf("never stopped at %q: %v", step, steps)
		}
	}
}
