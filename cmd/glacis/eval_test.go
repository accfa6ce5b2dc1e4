package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/eval"
)

func TestEval(t *testing.T) {
	failures := write(t, "failures.jsonl", "")
	status, stdout, stderr := call("", "eval", "--json", "--failures", failures, "testdata/sample.jsonl")
	if status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	var r eval.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatal(err)
	}
	if r.Requests != 7 || r.Weak != 1 || len(r.Files) != 2 || len(r.Categories) != 7 || r.Macro["high"].TPR == nil {
		t.Fatalf("%s", stdout)
	}
	// What the rates say was judged wrongly is what the failures list.
	wrong := 0
	for _, g := range r.Files {
		if g.Label == eval.Attack {
			wrong += g.Requests - g.Rates["high"].Count
		} else {
			wrong += g.Rates["high"].Count
		}
	}
	data, err := os.ReadFile(failures)
	if err != nil || strings.Count(string(data), "\n") != wrong {
		t.Errorf("%d judged wrongly, %v: %s", wrong, err, data)
	}
	if _, again, _ := call("", "eval", "--json", "--workers", "3", "testdata/sample.jsonl"); again != stdout {
		t.Error("more workers report something else")
	}
}

func TestEvalWeakAndLabel(t *testing.T) {
	_, stdout, _ := call("", "eval", "--json", "--weak", "testdata/sample.jsonl")
	if !strings.Contains(stdout, `"requests": 8,`) {
		t.Errorf("--weak: %s", stdout)
	}
	in := "curl http://h/\nnot one\n"
	status, stdout, _ := call(in, "eval", "--label", "benign", "-")
	if status != exitMalformed || !strings.Contains(stdout, "1 requests (0 weak left out, 0 without label, 1 malformed)") {
		t.Errorf("--label: status %d: %s", status, stdout)
	}
}
