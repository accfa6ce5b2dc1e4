package eventlog

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/internal/golden"
)

// read returns the ids of the events that a filter wants of testdata/log.txt.
func read(t *testing.T, f *Filter) string {
	t.Helper()
	in, err := os.Open("testdata/log.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var ids []string
	err = Read(in, func(e *Event) error {
		if f.Match(e) {
			ids = append(ids, strings.TrimPrefix(e.Text("event.id"), "request-"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(ids, " ")
}

func TestFilter(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 2, 0, time.UTC)
	for _, c := range []struct {
		f    Filter
		want string
	}{
		{Filter{}, "01 02 03 04"},
		{Filter{Actions: []string{"block", "pass"}}, "01 04"},
		{Filter{Actions: []string{"block"}, Families: []string{"xss"}}, ""},
		{Filter{Families: []string{"sqli", "xss"}}, "01 04"},
		{Filter{Assets: []string{"shop"}}, "01"},
		{Filter{Hosts: []string{"shop.test"}, Since: at}, "03"},
		{Filter{Gateways: []string{"envoy/wasm"}}, "02"},
		{Filter{Confidences: []string{"medium"}}, "04"},
		{Filter{IDs: []string{"request-02"}}, "02"},
		{Filter{Since: at}, "03 04"},
	} {
		if got := read(t, &c.f); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
	if q := (&Filter{Actions: []string{"block"}, Families: []string{"a", "b"}}).query().Encode(); q != "action=block" {
		t.Error(q)
	}
}

func TestPrint(t *testing.T) {
	in, err := os.Open("testdata/log.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	if err := Read(in, func(e *Event) error { return e.Print(&out) }); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("an escape sequence reaches the terminal")
	}
	golden.Equal(t, "testdata/log.golden", out.String())
}

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{"15m": "2026-11-22T09:45:00Z", "2026-11-21": "2026-11-21T00:00:00Z", "2026-11-22T09:00:00+01:00": "2026-11-22T08:00:00Z"} {
		if got, err := ParseSince(in, now); err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
	for _, in := range []string{"-5m", "yesterday"} {
		if _, err := ParseSince(in, now); err == nil {
			t.Errorf("%s: no error", in)
		}
	}
}

func event(id string) string { return `{"event.version":1,"event.id":"` + id + `"}` }

// TestFollow writes to a file in pieces, moves it away, and cuts the next one.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	add := func(text string) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	add(event("one") + "\n")
	var mu sync.Mutex
	var got []string
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- FollowFile(ctx, path, func(e *Event) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, e.Text("event.id"))
			return nil
		})
	}()
	await := func(want string) {
		t.Helper()
		for range 1000 {
			mu.Lock()
			have := strings.Join(got, " ")
			mu.Unlock()
			if have == want {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("%v, want %s", got, want)
	}
	await("one")
	add(event("two")[:20])
	time.Sleep(2 * pollInterval)
	add(event("two")[20:] + "\n")
	await("one two")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	add(event("three") + "\n" + event("four") + "\n")
	await("one two three four")
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * pollInterval)
	add(event("five") + "\n")
	await("one two three four five")
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := FollowFile(ctx, path+".nowhere", nil); err == nil {
		t.Error("no error")
	}
}

// FuzzRead states: whatever stands in a log, every event is printed on one line
// without control characters.
func FuzzRead(f *testing.F) {
	f.Add([]byte(event("one") + "\n\x1b" + event("two")))
	f.Fuzz(func(t *testing.T, log []byte) {
		err := Read(bytes.NewReader(log), func(e *Event) error {
			var out bytes.Buffer
			err := e.Print(&out)
			line := strings.TrimSuffix(out.String(), "\n")
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Errorf("%q", line)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
