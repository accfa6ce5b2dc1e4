package decode

import "testing"

// FuzzCookie: the cursor ends, and no word of the header is in no field.
func FuzzCookie(f *testing.F) {
	f.Add([]byte("$Version=1; a=\"b\\\"\" c; d; =e, f=g"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var c Cookie
		covered(t, in, drive(t, &c, in, 0))
	})
}
