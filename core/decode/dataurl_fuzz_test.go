package decode

import "testing"

// Type and payload are parts of the input, and nothing is found without comma.
func FuzzDataURL(f *testing.F) {
	f.Add([]byte(`<a href="data:text/html;base64,QUJD">`))
	f.Fuzz(func(t *testing.T, src []byte) {
		typ, payload, _, ok := DataURL(src)
		if len(typ)+len(payload) > len(src) || !ok && typ != nil {
			t.Errorf("%q gives %q and %q", src, typ, payload)
		}
	})
}
