package decode

import (
	"bytes"
	"testing"
)

func TestMsgpack(t *testing.T) {
	runWholeCases(t, "msgpack.json", &Msgpack{}, LooksMsgpack)
}

func TestMsgpackDeep(t *testing.T) {
	in := append(bytes.Repeat([]byte{0x91}, 200), "\xa3abc"...)
	got := wholeFields(t, &Msgpack{}, in)
	if len(got) != 1 || got[0] != "V =abc" {
		t.Errorf("got %q", got)
	}
	if LooksMsgpack(in) {
		t.Error("too deep to be honest")
	}
}

func BenchmarkMsgpack(b *testing.B) {
	in := append([]byte{0xdc, 0, 100}, bytes.Repeat([]byte("\x82\xa4name\xa5alice\xa2id\x05"), 100)...)
	benchWhole(b, &Msgpack{}, in)
}
