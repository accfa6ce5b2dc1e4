package decode

import "testing"

// FuzzLooksBinary: the verdict depends on the sample and on no more than the
// rest of its last character, and what is printable is text whatever magic it
// begins with.
func FuzzLooksBinary(f *testing.F) {
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!"), uint16(0))
	f.Add([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"), uint16(500))
	f.Add([]byte("../../etc/passwd\x00.png"), uint16(700))
	f.Fuzz(func(t *testing.T, in []byte, pad uint16) {
		in = spread(in, int(pad))
		got := LooksBinary(in)
		if n := binarySample + 3; len(in) > n && LooksBinary(in[:n]) != got {
			t.Errorf("bytes behind the sample of %.600q count", in)
		}
		for i := range in {
			in[i] = ' ' + in[i]%95
		}
		if LooksBinary(in) && !hasMagic(in) {
			t.Errorf("%.600q taken for binary", in)
		}
	})
}

// hasMagic reports whether b begins with a magic that needs no second witness.
func hasMagic(b []byte) bool {
	for _, magic := range binaryMagic {
		if len(b) >= len(magic) && string(b[:len(magic)]) == string(magic) {
			return true
		}
	}
	return false
}
