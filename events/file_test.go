package events

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// clock is a time that a test moves.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func newFile(t *testing.T, options string) (*fileSink, *clock, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.jsonl")
	c := &clock{time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	s := open(t, "file:"+path+"#"+options).(*fileSink)
	s.now, s.begun = c.now, c.Time
	return s, c, path
}

func files(t *testing.T, path string) []string {
	t.Helper()
	list, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func line(i int) []Record { return []Record{{Line: fmt.Appendf(nil, `{"event.id":"%04d"}`, i)}} }

func TestFileRotatesBySize(t *testing.T) {
	s, c, path := newFile(t, "max-size=50&keep=2")
	for i := range 9 { // two lines of 20 bytes fit
		write(t, s, line(i))
		c.Time = c.Add(time.Second)
	}
	got := files(t, path)
	if len(got) != 3 || text(t, path) != "{\"event.id\":\"0008\"}\n" {
		t.Errorf("%q, the last has %q", got, text(t, path))
	}
	if want := path + ".20261122T100006.000Z"; got[1] != want || text(t, want) != "{\"event.id\":\"0004\"}\n{\"event.id\":\"0005\"}\n" {
		t.Errorf("%q, want %s", got, want)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o007 != 0 {
		t.Error("others may read it:", info.Mode(), err)
	}
}

func TestFileRotatesByAge(t *testing.T) {
	s, c, path := newFile(t, "max-age=1h&keep=0")
	for i := range 5 {
		write(t, s, line(i))
		c.Time = c.Add(30 * time.Minute)
	}
	if got := files(t, path); len(got) != 3 {
		t.Error(got)
	}
}

// A restart goes on with the file, and its age is that of its first event.
func TestFileGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	put(t, path, string(sample(t)[0].Line)+"\n")
	s := open(t, "file:"+path+"#max-age=1h").(*fileSink)
	if want := "2026-11-22T10:00:00Z"; s.begun.Format(time.RFC3339) != want {
		t.Errorf("begun %v", s.begun)
	}
	s.now = func() time.Time { return s.begun.Add(time.Minute) }
	write(t, s, line(1))
	if got := text(t, path); bytes.Count([]byte(got), []byte("\n")) != 2 {
		t.Error(got)
	}
}

// Names of ended files never collide, and files of others are left alone.
func TestFileNames(t *testing.T) {
	s, _, path := newFile(t, "max-size=1&keep=3")
	put(t, path+".bak", "mine")
	for i := range 6 {
		write(t, s, line(i)) // all at the same time
	}
	if got := files(t, path); len(got) != 5 {
		t.Error(got)
	}
}

// logrotate moves the file away; the next event makes it anew.
func TestFileThatWasMoved(t *testing.T) {
	s, _, path := newFile(t, "")
	write(t, s, line(1))
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	write(t, s, line(2))
	if text(t, path) != "{\"event.id\":\"0002\"}\n" || text(t, path+".1") != "{\"event.id\":\"0001\"}\n" {
		t.Error(text(t, path))
	}
}

func TestFileThatIsNone(t *testing.T) {
	if _, _, err := OpenSink("file:"+t.TempDir(), Environment{}); err == nil {
		t.Error("a directory is no file")
	}
	if _, _, err := OpenSink("file:/dev/null", Environment{}); err == nil {
		t.Error("a device is no file that can be rotated")
	}
}
