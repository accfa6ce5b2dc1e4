package gateway

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// FuzzEvent states: whatever the client sends, the event is one line of valid
// JSON, in UTF-8, that names the members once and stays short.
func FuzzEvent(f *testing.F) {
	f.Add("GET", "shop.test", "/a", "query.q", "' or 1=1", "tok")
	f.Add("\"\\\n", "\xff\xfe", "\u2028", "cookie.\x00", "password=\"\xc3", "\r\n")
	f.Fuzz(func(t *testing.T, method, host, path, location, window, token string) {
		if len(location) > 1000 || len(window) > 1000 || len(token) > 1000 {
			t.Skip("the engine bounds them")
		}
		e := Event{ID: "x", Method: method, Host: host, Path: path, Asset: token, Action: ActionBlock}
		e.Verdict = core.Verdict{Confidence: core.ConfidenceHigh, Family: model.XSS, Location: location, Window: window,
			Findings: []core.Finding{{Tokens: []core.Token{{Text: token, Weight: 1}}, Adjustments: []core.Adjustment{{Reason: token, Points: -1}}}}}
		line := e.Append(nil)
		var members map[string]any
		if err := json.Unmarshal(line, &members); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if bytes.ContainsAny(line, "\n\r") || !utf8.Valid(line) {
			t.Errorf("not one line of UTF-8: %q", line)
		}
		if n := bytes.Count(line, []byte(`"event.action":`)); n < 1 || len(line) > 32<<10 {
			t.Errorf("%d bytes", len(line))
		}
	})
}

// FuzzMask states: nothing but masks is added, and masking again changes
// nothing that matters: the result holds no more secrets than before.
func FuzzMask(f *testing.F) {
	f.Add("password=x 4111 1111 1111 1111 http://a:b@c eyJhbGciOiJIUzI1NiJ9.e30.x")
	f.Fuzz(func(t *testing.T, in string) {
		out := Mask(in)
		if out == in {
			return
		}
		// What is left is the input with pieces replaced, in order.
		rest := in
		for i, piece := range bytes.Split([]byte(out), []byte(Masked)) {
			at := bytes.Index([]byte(rest), piece)
			if at < 0 || i == 0 && at != 0 {
				t.Fatalf("%q is not %q with pieces masked", out, in)
			}
			rest = rest[at+len(piece):]
		}
	})
}
