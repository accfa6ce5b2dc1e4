package events

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func names(o *Outputs) string {
	var out []string
	for _, s := range o.Stats() {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

// TestReplaceSinks replaces sinks while events are sent: what stays goes on,
// what goes delivers what it has, and no event is lost in between.
func TestReplaceSinks(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return "file:" + filepath.Join(dir, name) }
	o, err := Open([]string{file("stays"), file("goes")}, Environment{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	const half = 500
	var sending sync.WaitGroup
	middle := make(chan struct{})
	sending.Go(func() {
		for i := range 2 * half {
			if i == half {
				<-middle // so that there are events before and behind
			}
			o.Send([]byte(`{"event.version":1}`))
		}
	})
	change, err := o.Prepare([]string{file("new"), file("stays")})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(o); got != "file file#2" {
		t.Error("a change that waits is in use:", got)
	}
	change.Apply()
	close(middle)
	sending.Wait()
	if got := names(o); got != "file#2 file" {
		t.Error(got)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	count := func(name string) int {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), "\n")
	}
	if stays, goes, fresh := count("stays"), count("goes"), count("new"); stays != 2*half || goes+fresh != 2*half || fresh < half {
		t.Errorf("stays %d, goes %d, new %d", stays, goes, fresh)
	}
}

// A list with a sink that cannot be opened, and one that is dropped, change
// nothing.
func TestSinksThatAreNotReplaced(t *testing.T) {
	dir := t.TempDir()
	o, err := Open([]string{"file:" + filepath.Join(dir, "a")}, Environment{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for want, list := range map[string][]string{"none of": {"file:" + filepath.Join(dir, "b"), "smoke:"}, "at most 8": make([]string, 9)} {
		if _, err := o.Prepare(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", list, err)
		}
	}
	change, err := o.Prepare([]string{"file:" + filepath.Join(dir, "c"), "file:" + filepath.Join(dir, "d")})
	if err != nil {
		t.Fatal(err)
	}
	change.Drop()
	if got := names(o); got != "file" {
		t.Error(got)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	if change, err = o.Prepare([]string{"file:" + filepath.Join(dir, "e")}); err != nil {
		t.Fatal(err)
	}
	if change.Apply(); names(o) != "file" {
		t.Error("sinks are opened after the end")
	}
}
