package decode

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// FuzzPickle: whatever follows the protocol byte, each byte is reported at most
// three times (as a string, and as either name of a global); and a string comes
// back as it went in, with what lies behind the end, under every opcode that
// can hold it.
func FuzzPickle(f *testing.F) {
	f.Add([]byte("\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x85R."), []byte("rest"))
	f.Add([]byte("cos\nsystem\n(S'ls -la'\ntR."), []byte(""))
	f.Add([]byte("\x8d\xff\xff\xff\xff\xff\xff\xff\xffab\x93\x93Ux"), []byte("\x00"))
	f.Fuzz(func(t *testing.T, in, rest []byte) {
		if len(in) > 1<<12 || len(rest) > 1<<12 {
			t.Skip("longer than it needs to be")
		}
		total := 0
		for _, line := range wholeFields(t, &Serial{}, append([]byte("\x80\x04"), in...)) {
			if line[0] == 'N' {
				total += len(latin1(line)) - len("N ")
			} else {
				total += len(latin1(line)) - len("V =")
			}
		}
		if total > 3*len(in) {
			t.Errorf("%d bytes reported of %q", total, in)
		}
		for _, coded := range pickled(in) {
			want := []string{"V =" + runes(in)}
			if len(rest) > 0 {
				want = append(want, "R ="+runes(rest))
			}
			same(t, runes(coded), wholeFields(t, &Serial{}, append(append(coded, '.'), rest...)), want)
		}
	})
}

// pickled is text under each opcode that can hold it, behind a protocol byte.
func pickled(text []byte) [][]byte {
	size := make([]byte, 8)
	binary.LittleEndian.PutUint32(size, uint32(len(text)))
	var out [][]byte
	for op, arg := range pickleArgument {
		n := 0
		switch arg {
		case pickleText1:
			n = 1
		case pickleText4:
			n = 4
		case pickleText8:
			n = 8
		}
		if n == 0 || n == 1 && len(text) > 255 {
			continue
		}
		coded := append([]byte{0x80, 5, byte(op)}, size[:n]...)
		out = append(out, append(coded, text...))
	}
	if len(text) > 0 && !bytes.ContainsAny(text, "\n\"'") && len(asciiTrim(text)) == len(text) {
		out = append(out, append(append([]byte("\x80\x02S'"), text...), "'\n"...))
	}
	return out
}
