package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// recording is a small recording in the corpus format.
func recording() string {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, `{"method":"GET","uri":"/items/%d?view=full&email=a%%40example.org","headers":[["Host","desk.test"]]}`+"\n", i)
	}
	b.WriteString(`{"method":"GET","uri":"/items/1?view=1%27+union+select+pin%2Cname+from+users--+","headers":[["Host","desk.test"]]}` + "\n")
	return b.String()
}

func learnRun(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, problems bytes.Buffer
	status = run(context.Background(), append([]string{"learn"}, args...), strings.NewReader(recording()), &out, &problems)
	return out.String(), problems.String(), status
}

// TestLearnOpenAPI checks that the command writes a valid document.
func TestLearnOpenAPI(t *testing.T) {
	out, problems, status := learnRun(t, "openapi")
	if status != 0 {
		t.Fatal(problems)
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil || doc.Paths.Value("/items/{number2}") == nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestLearnSuggest checks that a critical finding is offered as a policy.
func TestLearnSuggest(t *testing.T) {
	out, problems, status := learnRun(t, "suggest")
	if status != 0 || !strings.Contains(out, "critical findings are never discounted") || !strings.Contains(out, "apiVersion: glacis/v1") || !strings.Contains(out, "- query.view") {
		t.Errorf("status %d\n%s%s", status, problems, out)
	}
}

// TestLearnSimulate checks the text and the JSON of a short simulation.
func TestLearnSimulate(t *testing.T) {
	out, problems, status := learnRun(t, "simulate", "--hours", "1", "--requests", "100", "--json")
	var report struct {
		Windows []struct {
			Benign int `json:"benign"`
		} `json:"windows"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 0 || len(report.Windows) != 6 || report.Windows[0].Benign != 100 {
		t.Errorf("%v, status %d, %s%.300s", err, status, problems, out)
	}
	if out, _, status := learnRun(t, "simulate", "--hours", "1", "--requests", "100"); status != 0 || !strings.Contains(out, "false positives, first window") {
		t.Errorf("status %d\n%s", status, out)
	}
}

// TestLearnUsage checks that wrong usage is refused with the flag's name.
func TestLearnUsage(t *testing.T) {
	for _, args := range [][]string{{"simulate", "--hours", "0"}, {"simulate", "--confidence", "sure"}, {"simulate", "--window", "5s"}, {"openapi", "--times", "0"}, {"suggest", "no such file"}} {
		if _, problems, status := learnRun(t, args...); status != 2 || problems == "" {
			t.Errorf("%v: status %d, %q", args, status, problems)
		}
	}
}
