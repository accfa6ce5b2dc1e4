package decode

import "testing"

// FuzzMultipart: chunked reading gives what whole reading gives, and no word of
// the input is in no field, but for the names of the headers and parameters that
// the cursor takes apart. Those are case-insensitive (RFC 2045, 5.1; RFC 7578,
// 4.2), so no spelling of them tells a server anything that a field does not.
func FuzzMultipart(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"a\"; filename*=x\r\n\r\nhello\r\n--b\nX: y\r\n\r\n\r\n--b--\r\n"), uint16(0))
	f.Add([]byte("pre\n--b\r\n\r\n"), uint16(1100))
	f.Fuzz(func(t *testing.T, in []byte, pad uint16) {
		in = spread(in, int(pad))
		checkChunks(t, in, newMultipart)
		covered(t, in, drive(t, newMultipart(), in, 0),
			"content", "disposition", "type", "form", "data", "name", "filename", "attachment")
	})
}

// FuzzBoundary: no panic, a boundary is no longer than its input.
func FuzzBoundary(f *testing.F) {
	f.Add([]byte("multipart/form-data; boundary*0*=a'b'c%20; boundary*1=\"\\d\""))
	f.Add([]byte("--x\r\nA: b"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, _ := Boundary(in)
		sniffed, _ := SniffBoundary(in)
		if len(got) > len(in) || len(sniffed) > len(in) {
			t.Fatalf("%q and %q of %q", got, sniffed, in)
		}
	})
}
