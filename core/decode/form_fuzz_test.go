package decode

import "testing"

// FuzzForm: chunked reading gives what whole reading gives, and no word of the
// input is in no field.
func FuzzForm(f *testing.F) {
	f.Add([]byte("a=b&c=%zz;d=+&&e"), uint16(0))
	f.Add([]byte("longname=x"), uint16(1100))
	f.Fuzz(func(t *testing.T, in []byte, pad uint16) {
		in = spread(in, int(pad))
		checkChunks(t, in, newForm)
		checkChunks(t, in, newSemiForm)
		covered(t, in, drive(t, newForm(), in, 0))
	})
}
