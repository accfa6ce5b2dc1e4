package decode

import "testing"

// No panic, an end, and what is missing is numbers only.
func FuzzMsgpack(f *testing.F) {
	f.Add([]byte("\x82\xa4name\xa5alice\xa2id\x05"))
	f.Add([]byte("\x91\xc4\x03abc\xdf\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		LooksMsgpack(b)
		checkLoss(t, &Msgpack{}, b, func(b []byte) int { return len(b) })
	})
}
