package decode

import "testing"

// FuzzJSON: chunked reading gives what whole reading gives, and no word of the
// input is in no field.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,'b',{c:"\u0041\\"}], /* d */ "e" : nope}`), uint16(0))
	f.Add([]byte(`)]}',[[[[{"deep":"er`), uint16(1100))
	f.Fuzz(func(t *testing.T, in []byte, pad uint16) {
		in = spread(in, int(pad))
		checkChunks(t, in, newJSON)
		covered(t, in, drive(t, newJSON(), in, 0))
	})
}
