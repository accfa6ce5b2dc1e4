package traefik

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// TestAnswer: the plugin's own confidence decides about the sidecar's verdict.
func TestAnswer(t *testing.T) {
	a := answer{Confidence: "medium", Score: 60, Family: "sqli", Location: "query.q"}
	v := a.verdict(core.ConfidenceHigh)
	if v.Action != core.Pass || v.Score != 60 || v.Family.Name() != "sqli" || v.Confidence != core.ConfidenceMedium {
		t.Errorf("%+v", v)
	}
	v = a.verdict(core.ConfidenceMedium)
	if v.Action != core.Block {
		t.Errorf("%+v", v)
	}
}

// TestAnswers: an answer that is remembered is what encoding/json makes of it,
// and answers that differ in anything but the id are not taken for each other.
func TestAnswers(t *testing.T) {
	const clean = `{"action":"pass","confidence":"none","score":0,"family":"none","location":"","window":"","uninspected_bytes":0,"model":"basic 1.0.0","request_id":"4f","truncated":false}`
	texts := []string{
		clean,
		clean + "\n",
		strings.Replace(clean, "4f", "5e", 1),
		strings.Replace(clean, `"score":0`, `"score":12`, 1),
		strings.Replace(clean, `"none"`, `"high"`, 1),
		strings.Replace(clean, `"window":""`, `"window":"a\",\"request_id\":\"b\",\"truncated\":false}"`, 1),
		strings.Replace(clean, `,"request_id"`, `,"policy":"shop@1","mode":"detect","request_id"`, 1),
		strings.Replace(clean, `}`, `,"fault":"panic"}`, 1),
		strings.Replace(clean, `"truncated":false`, `"truncated":true`, 1),
		strings.Replace(clean, `"uninspected_bytes":0`, `"uninspected_bytes":7`, 1),
		`{"confidence":"none","model":"m"}`,
	}
	m := new(answers)
	for round := 0; round < 2; round++ {
		for _, text := range texts {
			var want answer
			if err := json.Unmarshal([]byte(text), &want); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			got, err := m.parse([]byte(text))
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
			if got.Action != want.Action || got.Confidence != want.Confidence || got.Score != want.Score || got.Family != want.Family || got.Window != want.Window ||
				got.Uninspected != want.Uninspected || got.Model != want.Model || got.Fault != want.Fault || got.Policy != want.Policy || got.Mode != want.Mode {
				t.Errorf("%s: %+v, want %+v", text, got, want)
			}
		}
	}
	for _, text := range []string{"", "{", "{}", `{"confidence":"sure"}`, clean[:len(clean)-1]} {
		if _, err := m.parse([]byte(text)); err == nil {
			t.Errorf("%q is an answer", text)
		}
	}
	for i := 0; i < 3*answersKept; i++ {
		if _, err := m.parse([]byte(strings.Replace(clean, "1.0.0", strconv.Itoa(i), 1))); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.seen) > answersKept {
		t.Errorf("%d answers are remembered", len(m.seen))
	}
}
