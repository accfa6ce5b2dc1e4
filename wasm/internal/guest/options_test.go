package guest

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/basic"
)

func TestParseOptions(t *testing.T) {
	o, err := parseOptions([]byte(`{"mode":"detect","hold_headers":"true","sidecar":"waf","pollSeconds":5,"sidecarToken":"secret","send_events":true,"max_inspections":"7"}`))
	if err != nil {
		t.Fatal(err)
	}
	if o.Mode != "detect" || !o.holdHeaders || o.sidecar != (link{cluster: "waf", token: "secret", learn: true, events: true, pollSeconds: 5}) || o.maxInspections != 7 || o.model != nil {
		t.Errorf("%+v", o)
	}
	if o, err = parseOptions(nil); err != nil || o.holdHeaders || o.sidecar != (link{learn: true, pollSeconds: 60}) || o.maxInspections != 256 {
		t.Errorf("defaults: %+v, %v", o, err)
	}
	if o, err = parseOptions([]byte(`{"model":"` + basic.Model + `"}`)); err != nil || o.model == nil {
		t.Errorf("model: %v", err)
	}
}

func TestParseOptionsRefuses(t *testing.T) {
	raw, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	raw[5000] ^= 1
	for config, want := range map[string]string{
		`{"holdHeader":true}`:   `did you mean "holdHeaders"?`,
		`{"holdHeaders":"yes"}`: "holdHeaders: ",
		`{"pollSeconds":0}`:     "pollSeconds: want a whole number from 1 to 86400",
		`{"maxInspections":-1}`: "maxInspections: want a whole number from 1 to 4096",
		`{"publicKey":"x"}`:     "publicKey: public key: want glacis-ed25519:",
		`{"learn":"maybe"}`:     "learn: ",
		`{"sendEvents":1}`:      "sendEvents: ",
		`{"model":"!"}`:         "model: illegal base64",
		`{"model":"AAAA"}`:      "model: bad model",
		`{"model":"` + base64.StdEncoding.EncodeToString(raw) + `"}`: "model: bad model: checksum",
	} {
		if _, err := parseOptions([]byte(config)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", config, err, want)
		}
	}
}

// TestTokenStaysSecret: an error about a token does not repeat it.
func TestTokenStaysSecret(t *testing.T) {
	for _, config := range []string{`{"sidecarToken":"hush\r\n"}`, `{"sidecarToken":"hush","sidecarToken":"hush"}`, `{"sidecarToken":"hush","mode":"?"}`} {
		if _, err := parseOptions([]byte(config)); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", config, err)
		}
	}
}
