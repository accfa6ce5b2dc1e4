package verdict

import (
	"encoding/json"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

func TestAppend(t *testing.T) {
	v := core.Verdict{
		Action: core.Block, Confidence: core.ConfidenceCritical, Score: 97, Family: model.XSS,
		Location: "query.q\xff#base64", Window: "<svg & \x00\xfe\"\n", Uninspected: 5, Model: "basic 1.0.0",
	}
	want := `before {"id":"a","action":"block","confidence":"critical","score":97,"family":"xss",` +
		`"location":"query.q\\xff#base64","window":"<svg & \u0000\\xfe\"\n","uninspected_bytes":5,"model":"basic 1.0.0"}` + "\n"
	if got := string(New("a", v).Append([]byte("before "))); got != want {
		t.Fatalf("got  %swant %s", got, want)
	}
}

// TestClean checks that every member is there for a clean verdict too.
func TestClean(t *testing.T) {
	want := `{"id":"a","action":"pass","confidence":"none","score":0,"family":"none","location":"","window":"","uninspected_bytes":0,"model":"m"}` + "\n"
	if got := string(New("a", core.Verdict{Model: "m"}).Append(nil)); got != want {
		t.Fatalf("got  %swant %s", got, want)
	}
}

// FuzzAppend checks that whatever an attacker puts into a request, the line is
// one line of valid JSON that reads back as it was.
func FuzzAppend(f *testing.F) {
	f.Add("id", "query.q", "\xff\u2028<>")
	f.Fuzz(func(t *testing.T, id, location, window string) {
		line := New(id, core.Verdict{Location: location, Window: window})
		data := line.Append(nil)
		var back Line
		if err := json.Unmarshal(data, &back); err != nil || back != line {
			t.Fatalf("%s: %v, %+v", data, err, back)
		}
		for i, c := range data {
			if c == '\n' && i != len(data)-1 {
				t.Fatalf("%q is more than one line", data)
			}
		}
	})
}
