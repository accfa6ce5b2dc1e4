package models

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldenBasic = "testdata/golden_basic.jsonl"

// TestGoldenBasic compares the verdicts of the embedded model, to the byte,
// with those on record. Other runtimes compare with the same file.
func TestGoldenBasic(t *testing.T) {
	e, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	scores, err := Golden(e)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i := range scores {
		if err := enc.Encode(&scores[i]); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(goldenBasic, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenBasic)
	if err != nil {
		t.Fatal(err)
	}
	have := strings.Split(b.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(have) || have[i] != line {
			t.Fatalf("line %d of %s differs (go test ./models -update accepts)\nhave %s\nwant %s",
				i+1, goldenBasic, have[min(i, len(have)-1)], line)
		}
	}
	if b.Len() != len(want) {
		t.Fatalf("%d bytes instead of %d", b.Len(), len(want))
	}
}

// TestGoldenSense checks what the golden file would freeze if nobody looked:
// most hostile requests are found, honest ones pass. It is no measurement (see
// glacis eval): the requests were chosen to be hard and various, not typical.
func TestGoldenSense(t *testing.T) {
	e, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	scores, err := Golden(e)
	if err != nil {
		t.Fatal(err)
	}
	hostile, caught := 0, 0
	for _, s := range scores {
		level, _ := core.ParseConfidence(s.Confidence)
		switch {
		case strings.HasPrefix(s.ID, "ok-"):
			if level >= core.ConfidenceHigh {
				t.Errorf("%s: %+v", s.ID, s)
			}
		default:
			hostile++
			if level >= core.ConfidenceHigh {
				caught++
			} else {
				t.Logf("missed %s: %+v", s.ID, s)
			}
		}
	}
	if caught*4 < hostile*3 {
		t.Errorf("%d of %d hostile requests found", caught, hostile)
	}
}

// TestRequests checks that the golden requests are distinct and described.
func TestRequests(t *testing.T) {
	list, err := Requests()
	if err != nil || len(list) < 60 {
		t.Fatalf("%d requests, %v", len(list), err)
	}
	seen := map[string]bool{}
	for i := range list {
		if g := &list[i]; g.ID == "" || g.Note == "" || seen[g.ID] {
			t.Errorf("%q: no id or note, or twice", g.ID)
		}
		seen[list[i].ID] = true
	}
}

// TestGoldenInterleaved checks that verdicts do not depend on what the engine's
// pool saw before.
func TestGoldenInterleaved(t *testing.T) {
	e, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := Requests()
	if err != nil {
		t.Fatal(err)
	}
	first, err := Golden(e)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(list) - 1; i >= 0; i-- {
		if s := score(e, &list[i]); s != first[i] {
			t.Errorf("%+v after others, %+v before", s, first[i])
		}
	}
}

func TestCheckGolden(t *testing.T) {
	e, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	good, err := encodeGolden(e)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := checkGolden(e, good); err != nil || n < 60 {
		t.Fatalf("%d, %v", n, err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"score":`, `"score":1`, "line 1: this engine says"},
		{`"family":"`, `"family":"x`, "line 1: this engine says"},
		{`"note":`, `"remark":`, "line 1: json: unknown field"},
		{`}` + "\n", "}\n\n", "line 2: no JSON document"},
	} {
		bad := strings.Replace(string(good), c.old, c.new, 1)
		if _, err := checkGolden(e, []byte(bad)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v", c.new, err)
		}
	}
	if _, err := checkGolden(e, nil); err == nil {
		t.Error("no golden verdicts are taken for good ones")
	}
}
