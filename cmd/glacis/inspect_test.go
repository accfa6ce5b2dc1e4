package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/verdict"
)

// lines parses the output of inspect.
func lines(t *testing.T, stdout string) []verdict.Line {
	t.Helper()
	var all []verdict.Line
	for text := range strings.Lines(stdout) {
		dec := json.NewDecoder(strings.NewReader(text))
		dec.DisallowUnknownFields()
		var l verdict.Line
		if err := dec.Decode(&l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		all = append(all, l)
	}
	return all
}

func TestInspect(t *testing.T) {
	status, stdout, stderr := call("", "inspect", "testdata/sample.jsonl")
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d: %s", status, stderr)
	}
	var ids []string
	for _, l := range lines(t, stdout) {
		ids = append(ids, l.ID)
		if l.Model == "" || l.Action != "pass" && l.Action != "block" {
			t.Errorf("%+v", l)
		}
	}
	if got := strings.Join(ids, " "); got != "list search order login binary sqli xss weak" {
		t.Fatalf("ids %s", got)
	}
}

// TestInspectMalformed checks the promise of the help text: each bad line is
// reported with its number, the rest goes on, the status is 1.
func TestInspectMalformed(t *testing.T) {
	in := "garbage\n{\"id\":\"a\",\"method\":\"GET\",\"uri\":\"/\"}\n\n{\"id\":\n{\"id\":\"b\",\"method\":\"GET\",\"uri\":\"/\"}\n{}"
	status, stdout, stderr := call(in, "inspect")
	if status != exitMalformed {
		t.Errorf("status %d", status)
	}
	if got := lines(t, stdout); len(got) != 2 || got[0].ID != "a" || got[1].ID != "b" {
		t.Errorf("%s", stdout)
	}
	for _, want := range []string{"stdin:1: ", "stdin:4: ", "stdin:6: ", "3 malformed records"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %q in %q", want, stderr)
		}
	}
}

// TestInspectOrder checks that any number of workers writes the same.
func TestInspectOrder(t *testing.T) {
	var in strings.Builder
	for i := range 3000 {
		if i%100 == 7 {
			in.WriteString("bad line\n")
		}
		fmt.Fprintf(&in, `{"id":"%d","method":"GET","uri":"/?p=%s"}`+"\n", i, strings.Repeat("x+", i%300))
	}
	_, want, wantErr := call(in.String(), "inspect", "--workers", "1")
	if got := lines(t, want); len(got) != 3000 || got[2999].ID != "2999" {
		t.Fatalf("%d lines", len(got))
	}
	for _, workers := range []string{"2", "5"} {
		if _, got, gotErr := call(in.String(), "inspect", "--workers", workers); got != want || gotErr != wantErr {
			t.Errorf("%s workers write something else", workers)
		}
	}
}

// TestInspectFormats checks that the formats are recognised and that several
// files are read, standard input among them.
func TestInspectFormats(t *testing.T) {
	raw := write(t, "raw.txt", "GET /raw HTTP/1.1\r\nHost: h\r\n\r\n")
	log := write(t, "access.log", `192.0.2.1 - - [01/Feb/2026:10:00:00 +0000] "GET /log HTTP/1.1" 200 1 "-" "-"`)
	har := write(t, "a.har", `{"log":{"entries":[{"request":{"method":"GET","url":"http://h/"}}]}}`)
	status, stdout, stderr := call("curl http://h/ http://h/2", "inspect", raw, "-", log, har)
	var ids []string
	for _, l := range lines(t, stdout) {
		ids = append(ids, l.ID)
	}
	want := raw + ":1 stdin:1 stdin:1.2 " + log + ":1 " + har + ":1"
	if got := strings.Join(ids, " "); status != exitOK || got != want {
		t.Fatalf("status %d, %s: ids %s, want %s", status, stderr, got, want)
	}
}

func TestInspectEmpty(t *testing.T) {
	if status, stdout, stderr := call("", "inspect"); status != exitOK || stdout != "" || stderr != "" {
		t.Fatalf("status %d, %q, %q", status, stdout, stderr)
	}
}
