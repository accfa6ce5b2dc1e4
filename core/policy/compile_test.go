package policy

import (
	"encoding/json"
	"os"
	"testing"
)

// TestCompileErrors runs testdata/errors.json: documents and what is wrong
// with them.
func TestCompileErrors(t *testing.T) {
	data, err := os.ReadFile("testdata/errors.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Policy json.RawMessage `json:"policy"`
		Want   string          `json:"want"`
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(cases); i++ {
		d, err := Decode(cases[i].Policy)
		if err == nil {
			_, err = Compile(d, day)
		}
		got := "no error"
		if err != nil {
			got = err.Error()
		}
		if got != cases[i].Want {
			t.Errorf("%s:\n got %s\nwant %s", cases[i].Policy, got, cases[i].Want)
		}
	}
}

func TestInherit(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","defaults":{"mode":"detect","confidence":"medium","limits":{"depth":5,"overLimit":"block"},
"protections":{"methods":{"mode":"prevent","allow":["GET"]}}},
"assets":[{"name":"a","hosts":["a.test"],"mode":"prevent","limits":{"depth":7,"bodies":[{"kinds":["xml"],"bytes":9}]}}]}`)
	r := p.assets[1]
	if r.Settings.Mode != "prevent" || r.Confidence() != 1 || r.Settings.Limits.Depth != 7 || r.Settings.Protections.Methods.Mode != "prevent" {
		t.Errorf("%+v", r.Settings)
	}
	if n, block := r.Body([]byte("Application/SOAP+XML; charset=utf-8")); n != 9 || !block {
		t.Errorf("xml: %d %v", n, block)
	}
	if n, block := r.Body([]byte("image/png")); n != 0 || !block {
		t.Errorf("png: %d %v", n, block)
	}
	if !r.learning || r.Off() {
		t.Error("learning or off")
	}
}

func TestFailMode(t *testing.T) {
	f := FailMode{Default: "closed", Timeout: "open"}
	if !f.Closed("panic") || f.Closed("timeout") || !f.Closed("other") {
		t.Error("wrong")
	}
	f = FailMode{Sidecar: "closed"}
	if f.Closed("panic") || !f.Closed("sidecar") {
		t.Error("wrong")
	}
}

func TestNextExpiry(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","exceptions":[{"id":"a","paths":["/a"],"expires":"2026-11-01"},
{"id":"b","paths":["/a"],"expires":"2026-12-01"},{"id":"c","paths":["/a"],"expires":"2026-11-23T10:00:00+02:00"}]}`)
	if got := p.NextExpiry().UTC().Format("2006-01-02T15:04"); got != "2026-11-23T08:00" {
		t.Error(got)
	}
	if c := p.Counts(); !c[0].Expired || c[1].Expired {
		t.Errorf("%+v", c)
	}
}

func TestRedacts(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","logging":{"redact":["body.json.**.iban"]}}`)
	if !p.Redacts("body.json.a.b.iban#percent") || p.Redacts("query.iban") {
		t.Error("wrong")
	}
}
