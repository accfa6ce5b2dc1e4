package policy

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("apiVersion: glacis/v2\n")
	if _, err := NewHolder(file, func(*Loaded) error { return nil }); err == nil {
		t.Fatal("the first version must be valid")
	}
	var used []string
	var refuse error
	use := func(l *Loaded) error {
		used = append(used, l.Document.Name)
		return refuse
	}
	write("apiVersion: glacis/v1\nname: one\n")
	h, err := NewHolder(file, use)
	if err != nil {
		t.Fatal(err)
	}
	now := day
	h.now = func() time.Time { return now }
	if did, err := h.check(); did || err != nil {
		t.Errorf("nothing changed: %v %v", did, err)
	}

	write("apiVersion: glacis/v1\nname: two\nassets: [{nam: x}]\n")
	if did, err := h.check(); !did || err == nil {
		t.Errorf("a bad version: %v %v", did, err)
	}
	if s := h.Status(); h.Current().Document.Name != "one" || !strings.Contains(s.Error, `:3:11: assets[0].nam: unknown key, did you mean "name"?`) || s.Failures != 1 {
		t.Errorf("%+v", s)
	}
	if did, _ := h.check(); did {
		t.Error("the same bad version was read twice")
	}

	refuse = errors.New("no engine")
	write("apiVersion: glacis/v1\nname: three\n")
	if _, err := h.check(); err == nil || h.Current().Document.Name != "one" {
		t.Errorf("%v: %s is in force", err, h.Current().Document.Name)
	}

	refuse = nil
	write("apiVersion: glacis/v1\nname: four\nexceptions: [{id: a, paths: [/a], expires: 2026-11-22}]\n")
	if _, err := h.check(); err != nil || h.Current().Document.Name != "four" || h.Status().Error != "" {
		t.Errorf("%v: %+v", err, h.Status())
	}
	now = day.Add(13 * time.Hour)
	if did, err := h.check(); !did || err != nil || !h.Current().Policy.Counts()[0].Expired {
		t.Errorf("an exception expired: %v %v", did, err)
	}
	if did, _ := h.check(); did {
		t.Error("the expiry was seen twice")
	}

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if did, err := h.check(); !did || err == nil || h.Current().Document.Name != "four" {
		t.Errorf("the file is gone: %v %v", did, err)
	}
	if got := strings.Join(used, " "); got != "one three four four" {
		t.Errorf("used %s", got)
	}
}

func TestWatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: glacis/v1\nname: one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := NewHolder(file, func(*Loaded) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	reports, done := make(chan error), make(chan struct{})
	go func() {
		defer close(done)
		h.Watch(ctx, time.Millisecond, func(err error) { reports <- err })
	}()
	next := file + ".next"
	if err := os.WriteFile(next, []byte("apiVersion: glacis/v1\nname: two\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, file); err != nil {
		t.Fatal(err)
	}
	if err := <-reports; err != nil || h.Current().Document.Name != "two" {
		t.Errorf("%v: %s", err, h.Current().Document.Name)
	}
	stop()
	<-done
}

// TestReceiver: what a sidecar sends replaces what came before only if it is
// good; that nothing came shows until it is known to be current.
func TestReceiver(t *testing.T) {
	var used []string
	h := NewReceiver("sidecar", func(l *Loaded) error {
		if !l.Remote {
			t.Error("not from a sidecar")
		}
		used = append(used, l.Document.Name)
		return nil
	})
	now := day
	h.now = func() time.Time { return now }
	if h.Current() != nil || h.Reload() != nil || h.Status().Policy != "" {
		t.Error("a policy before the first has come")
	}
	if did, err := h.check(); did || err != nil {
		t.Error(did, err)
	}
	step := func(name string, err error, current, trouble string) {
		t.Helper()
		s := h.Status()
		got := ""
		if l := h.Current(); l != nil {
			got = l.Document.Name
		}
		if (err != nil) != (name == "bad") || got != current || (trouble == "") != (s.Error == "") || !strings.Contains(s.Error, trouble) {
			t.Errorf("after %s: %v, policy %s, status %+v", name, err, got, s)
		}
	}
	h.Missed(errors.New("refused"))
	step("nobody there", nil, "", "refused")
	step("one", h.Take([]byte(`{"apiVersion":"glacis/v1","name":"one","exceptions":[{"id":"x","paths":["/a"],"expires":"2026-11-23"}]}`)), "one", "")
	h.Missed(errors.New("timeout"))
	step("gone", nil, "one", "timeout")
	step("back", h.Take(nil), "one", "")
	step("bad", h.Take([]byte(`{"apiVersion":"glacis/v1","nam":"two"}`)), "one", "did you mean")
	h.Missed(errors.New("timeout"))
	step("gone after bad", h.Take(nil), "one", "did you mean")
	now = now.AddDate(0, 0, 3)
	did, err := h.check()
	if !did || err != nil || h.Current().Policy.Counts()[0].Expired != true {
		t.Error("the exception has not expired", did, err)
	}
	step("expired", nil, "one", "did you mean")
	if did, _ := h.check(); did {
		t.Error("it expires once")
	}
	step("two", h.Take([]byte(`{"apiVersion":"glacis/v1","name":"two"}`)), "two", "")
	if strings.Join(used, " ") != "one one two" {
		t.Error(used)
	}
}
