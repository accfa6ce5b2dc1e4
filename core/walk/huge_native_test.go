package walk

import (
	"encoding/base64"
	"strings"
	"testing"
)

// huge are bodies of n bytes that are one token, or one value, or one value in
// many layers.
func huge(n int) map[string]string {
	layers := strings.Repeat("union select 1,2 from users; ", n/29*3/4*3/4*3/4*3/4*3/4*3/4)
	for i := 0; i < 6; i++ {
		layers = base64.StdEncoding.EncodeToString([]byte(layers))
	}
	return map[string]string{
		"brackets":    strings.Repeat("[", n),
		"json string": `{"a":"` + strings.Repeat("x1", n/2) + `"}`,
		"json word":   `{"a":` + strings.Repeat("x1", n/2) + `}`,
		"json key":    `{"` + strings.Repeat("x1", n/2) + `":1}`,
		"form value":  "a=" + strings.Repeat("x1", n/2),
		"form escape": "a=" + strings.Repeat("%27", n/3),
		"hex chain":   "a=" + strings.Repeat("0x2e", n/4),
		"invalid":     "a=" + strings.Repeat("%c0.", n/4),
		"xml text":    `<?xml version="1.0"?><a>` + strings.Repeat("x1", n/2) + "</a>",
		"part":        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + strings.Repeat("x1", n/2) + "\r\n--b--",
		"text":        strings.Repeat("x1 ", n/3),
		"matryoshka":  layers,
	}
}

// cost walks a body and returns the judged and the decoded bytes.
func cost(t *testing.T, name, in string) (int, int) {
	var r counter
	limits := testLimits()
	limits.Values = 1 << 20
	w := New(&r, fullGate(), limits)
	w.Body([]byte(in))
	w.EndBody()
	if r.long > MaxValue || cap(w.arena) != arenaSize || cap(w.path) != pathSize || cap(w.body.window) != windowSize {
		t.Errorf("%s of %d: the longest value has %d bytes, or buffers have grown", name, len(in), r.long)
	}
	if r.bytes < len(in)*9/10 {
		t.Errorf("%s of %d: only %d bytes judged", name, len(in), r.bytes)
	}
	return r.bytes, w.decoded
}

// TestHuge checks that a megabyte costs ten times what its tenth costs, in
// judged and in decoded bytes, and no memory more.
func TestHuge(t *testing.T) {
	const n = 100 << 10
	small := huge(n)
	for name, in := range huge(10 * n) {
		judged, decoded := cost(t, name, small[name])
		judgedTen, decodedTen := cost(t, name, in)
		if judgedTen > 12*judged || decodedTen > 12*decoded+12*arenaSize {
			t.Errorf("%s: judged %d and %d bytes, decoded %d and %d", name, judged, judgedTen, decoded, decodedTen)
		}
	}
}

// TestHugeValue checks a single value of 10 MB: all of it is judged, and what
// stands at its end is seen.
func TestHugeValue(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	const n = 10 << 20
	for name, form := range map[string][2]string{"form": {"a=", ""}, "json": {`{"a":"`, `"}`}, "text": {"", ""}} {
		r := finder{text: []byte("union select 1 from users")}
		limits := testLimits()
		limits.Values = 1 << 20
		w := New(&r, fullGate(), limits)
		w.Body([]byte(form[0] + strings.Repeat("lorem ipsum ", n/12) + "union select 1 from users" + form[1]))
		w.EndBody()
		if !r.found || w.Counts != (Counts{}) {
			t.Errorf("%s: found %v, %+v", name, r.found, w.Counts)
		}
	}
}
