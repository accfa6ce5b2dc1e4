package decode

import "testing"

// No panic, an end, and pickles keep all but opcodes and short numbers.
func FuzzSerial(f *testing.F) {
	f.Add([]byte("\xac\xed\x00\x05sr\x00\x05a.b.Ct\x00\x03abc"))
	f.Add([]byte("\x80\x04\x8c\x02os\x8c\x06system\x93."))
	f.Add([]byte("cos\nsystem\n(S'ls'\ntR."))
	f.Add([]byte("\x04\bo:\bFooI\"\babc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkLoss(t, &Serial{}, b, func(b []byte) int { return len(b) })
	})
}
